#include "base/digest.h"

// Not EVP: it loads providers and a settings file for the one digest we need (docs/decisions/0006).
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace trueup {
namespace {

std::string to_hex(const unsigned char* bytes, std::size_t count) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(count * 2, '0');
  for (std::size_t i = 0; i < count; ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4U];
    out[2 * i + 1] = kDigits[bytes[i] & 15U];
  }
  return out;
}

/// Eight bytes, little endian whatever the machine; fewer at the end.
std::uint64_t word_at(std::string_view bytes, std::size_t at) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    if (at + sizeof word <= bytes.size()) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      return word;
    }
  }
  const std::size_t end = std::min(at + sizeof word, bytes.size());
  for (std::size_t i = at; i < end; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8U * (i - at));
  }
  return word;
}

std::uint64_t mixed(std::uint64_t value, std::uint64_t factor) {
  value *= factor;
  return value ^ (value >> 29U);
}

}  // namespace

struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) { SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string Sha256::hex() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
  SHA256_Final(out.data(), &state_->context);
  return to_hex(out.data(), out.size());
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string fingerprint_hex(std::string_view bytes) {
  constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15U;
  constexpr std::uint64_t kSecond = 0xC2B2AE3D27D4EB4FU;
  std::uint64_t a = kFirst ^ bytes.size();
  std::uint64_t b = kSecond ^ bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t word = word_at(bytes, at);
    a = mixed(a ^ word, kFirst);
    b = mixed(b + word, kSecond);
  }
  a = mixed(mixed(a, kSecond), kFirst);
  b = mixed(mixed(b, kFirst), kSecond);
  std::array<unsigned char, 2 * sizeof(std::uint64_t)> out{};
  for (std::size_t i = 0; i < sizeof a; ++i) {
    out[i] = static_cast<unsigned char>(a >> (8U * i));
    out[sizeof a + i] = static_cast<unsigned char>(b >> (8U * i));
  }
  return to_hex(out.data(), out.size());
}

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace trueup
