#include "base/digest.h"

#include <gtest/gtest.h>

namespace trueup {
namespace {

TEST(Digest, sha256_gives_the_published_test_vectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, a_fingerprint_differs_wherever_the_text_does) {
  const std::string text = "{\"id\": \"weather\", \"latest_version\": \"2.6.6\"}";
  const std::string whole = fingerprint_hex(text);
  EXPECT_EQ(whole.size(), 32U);
  EXPECT_EQ(fingerprint_hex(std::string(text)), whole);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_NE(fingerprint_hex(changed), whole) << i;
    EXPECT_NE(fingerprint_hex(text.substr(0, i)), whole) << i;
  }
  EXPECT_NE(fingerprint_hex(""), fingerprint_hex(std::string(1, '\0')));
}

TEST(Digest, crc32_gives_the_published_check_value) { EXPECT_EQ(crc32("123456789"), 0xCBF43926U); }

}  // namespace
}  // namespace trueup
