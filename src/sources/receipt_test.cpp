#include "sources/receipt.h"

#include <gtest/gtest.h>

namespace trueup::sources {
namespace {

const std::string kDigits(64, 'a');

std::string receipt(const std::string& files, const std::string& schema = "1") {
  return R"({"schema": )" + schema +
         R"(, "plugin_id": "weather", "version": "1.0", "origin": "https://x", "entry": "weather", "digest": "d",)"
         R"( "files": [)" +
         files + "]}";
}

std::string file(const std::string& path, const std::string& rest = "") {
  return R"({"path": ")" + path + R"(", "sha256": ")" + kDigits + R"(", "size": 5)" + rest + "}";
}

TEST(Receipt, says_what_was_unpacked) {
  const auto decoded = decode_receipt(receipt(file("manager.py", ", \"executable\": true") + "," + file("a/b.txt")));
  ASSERT_TRUE(decoded) << decoded.error().text();
  EXPECT_EQ(decoded->plugin_id, "weather");
  ASSERT_EQ(decoded->files.size(), 2U);
  EXPECT_EQ(decoded->files[0], (ReceiptFile{"manager.py", kDigits, 5, true}));
  EXPECT_FALSE(decoded->files[1].executable);
  EXPECT_EQ(decode_receipt_facts(receipt("")).value(),
            (model::ReceiptFacts{.plugin_id = "weather", .version = "1.0", .origin = "https://x", .digest = "d"}));
}

TEST(Receipt, one_that_is_partly_wrong_proves_nothing) {
  for (const std::string& bad :
       {receipt(file("../x")), receipt(file("/etc/passwd")), receipt(file("a//b")), receipt(file("")),
        receipt(file("./a")), receipt(R"({"path": "a", "sha256": "short", "size": 1})"), receipt("7"),
        receipt(R"({"path": "a", "sha256": ")" + kDigits + R"("})"), receipt(file("a", ", \"size\": -1")),
        receipt(file("a", ", \"executable\": 1")), std::string("[]"), std::string("{}"), std::string()}) {
    EXPECT_FALSE(decode_receipt(bad)) << bad;
  }
  for (const std::string& bad : {receipt("", "2"), receipt("", "\"1\""), std::string("{\"schema\": 1}")}) {
    EXPECT_FALSE(decode_receipt_facts(bad)) << bad;
  }
}

TEST(Receipt, a_path_stays_beneath_its_directory) {
  for (const std::string_view good : {"a", "a/b", "..a", "a..", ".hidden"}) EXPECT_TRUE(is_path_beneath(good)) << good;
  for (const std::string_view bad : {"", "/", "/a", "a/", "..", "a/..", "../a", ".", "a/./b"}) {
    EXPECT_FALSE(is_path_beneath(bad)) << bad;
  }
  EXPECT_FALSE(is_path_beneath(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace trueup::sources
