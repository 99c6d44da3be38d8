#include "web/password.h"

#include <sodium.h>

#include <array>

namespace trueup::web {
namespace {

// What OWASP asks for at least; libsodium's own smallest wants 64 MiB, which is an eighth of a small Pi.
constexpr unsigned long long kRounds = 2;
constexpr std::size_t kMemory = 19U << 20U;

bool is_ready() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

}  // namespace

Result<std::string> hash_password(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (is_ready() && crypto_pwhash_str_alg(out.data(), password.c_str(), password.size(), kRounds, kMemory,
                                          crypto_pwhash_ALG_ARGON2ID13) == 0) {
    return std::string(out.data());
  }
  return Error{.code = ErrorCode::full, .message = "there is not enough memory to keep a password safely"};
}

bool fits_password(const std::string& hash, const std::string& password) {
  return hash.size() < crypto_pwhash_STRBYTES && hash.starts_with(crypto_pwhash_STRPREFIX) && is_ready() &&
         crypto_pwhash_str_verify(hash.c_str(), password.c_str(), password.size()) == 0;
}

}  // namespace trueup::web
