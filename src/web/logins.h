// Who may come in from another machine: the owner's password and tokens for programs. A value; the file it lies in is
// logins_file.h. Nothing in it opens a door by itself: of passwords and tokens only hashes are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trueup::web {

enum class Scope : std::uint8_t { read, write };  // write: also reading

std::string_view to_string(Scope scope);

struct Token {
  std::string name;  // the owner's word for it
  std::string hash;  // SHA-256 of the token, which is as long as that and needs no slow hash
  Scope scope = Scope::read;
  std::int64_t made_at = 0;  // wall clock, seconds since 1970; only shown
  bool operator==(const Token&) const = default;
};

struct Logins {
  std::string password;  // its hash; empty: none is set yet
  std::vector<Token> tokens;
  bool operator==(const Logins&) const = default;

  [[nodiscard]] std::string encode() const;
  /// Error: unreadable. A file that is not wholly understood opens nothing.
  static Result<Logins> decode(std::string bytes);
};

inline constexpr std::size_t kMostTokens = 50;
inline constexpr std::size_t kMostTokenName = 60;
inline constexpr std::size_t kShortestPassword = 8;
inline constexpr std::size_t kLongestPassword = 1000;

/// The token itself, to be shown once. `bytes`: 32 unpredictable ones. Error: invalid (the name), conflict, full.
Result<std::string> add_token(Logins& logins, const std::string& name, Scope scope, const std::string& bytes,
                              std::int64_t now);
/// Error: not_found.
Status revoke_token(Logins& logins, const std::string& name);
/// What a token allows; nothing: it is none.
std::optional<Scope> scope_of(const Logins& logins, std::string_view token);
/// Whether it may be the password. Error: invalid, with the reason.
Status check_password(std::string_view password);

}  // namespace trueup::web
