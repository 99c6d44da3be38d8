#include "web/logins.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/digest.h"
#include "json/document.h"
#include "json/write.h"

namespace trueup::web {
namespace {

constexpr std::string_view kPrefix = "trueup_";  // by which a token that was published by mistake is recognised

Error unreadable(std::string message) { return {.code = ErrorCode::unreadable, .message = std::move(message)}; }

Result<Token> decode_token(json::Value value) {
  const auto text = [&value](std::string_view key) {
    const auto member = value.is_object() ? value.find(key) : std::nullopt;
    return member ? member->string().value_or("") : std::string();
  };
  Token token{.name = text("name"), .hash = text("hash")};
  const std::string scope = text("scope");
  if (token.name.empty() || token.hash.size() != 64) return unreadable("a token has no name or no hash");
  if (scope != to_string(Scope::read) && scope != to_string(Scope::write)) {
    return unreadable("a token has a scope that this trueup does not know");
  }
  token.scope = scope == to_string(Scope::write) ? Scope::write : Scope::read;
  const auto made_at = value.find("made_at");
  token.made_at = made_at ? made_at->integer().value_or(0) : 0;
  return token;
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kMostTokenName &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

}  // namespace

std::string_view to_string(Scope scope) { return scope == Scope::write ? "write" : "read"; }

std::string Logins::encode() const {
  json::Writer out({.indent = 2});
  out.begin_object().key("schema").integer(1).key("password").string(password).key("tokens").begin_array();
  for (const Token& token : tokens) {
    out.begin_object().key("name").string(token.name).key("hash").string(token.hash);
    out.key("scope").string(to_string(token.scope)).key("made_at").integer(token.made_at).end_object();
  }
  out.end_array().end_object();
  return std::move(out).text() + "\n";
}

Result<Logins> Logins::decode(std::string bytes) {
  const auto document = json::Document::parse(std::move(bytes));
  if (!document || !document->root().is_object()) return unreadable("it is no JSON object");
  const auto schema = document->root().find("schema");
  if (!schema || schema->integer() != 1) return unreadable("it is not what this trueup writes");
  Logins logins;
  const auto password = document->root().find("password");
  if (!password || !password->string()) return unreadable("it has no `password`");
  logins.password = *password->string();
  const auto tokens = document->root().find("tokens");
  if (!tokens || !tokens->is_array()) return unreadable("it has no list of tokens");
  for (const json::Value one : tokens->elements()) {
    ASSIGN_OR_RETURN(Token token, decode_token(one));
    logins.tokens.push_back(std::move(token));
  }
  return logins;
}

Result<std::string> add_token(Logins& logins, const std::string& name, Scope scope, const std::string& bytes,
                              std::int64_t now) {
  if (!is_name(name)) {
    return Error{.code = ErrorCode::invalid,
                 .message = fmt::format("a token's name is 1 to {} plain characters", kMostTokenName)};
  }
  if (std::ranges::count(logins.tokens, name, &Token::name) > 0) {
    return Error{.code = ErrorCode::conflict, .message = "there is a token of that name already", .where = name};
  }
  if (logins.tokens.size() >= kMostTokens) {
    return Error{.code = ErrorCode::full, .message = fmt::format("there are {} tokens already", kMostTokens)};
  }
  std::string token(kPrefix);
  for (const char c : bytes) token += fmt::format("{:02x}", static_cast<unsigned char>(c));
  logins.tokens.push_back({.name = name, .hash = sha256_hex(token), .scope = scope, .made_at = now});
  return token;
}

Status revoke_token(Logins& logins, const std::string& name) {
  const auto count = std::erase_if(logins.tokens, [&name](const Token& one) { return one.name == name; });
  if (count > 0) return ok();
  return Error{.code = ErrorCode::not_found,
               .message = "there is no token of that name",
               .where = name,
               .hint = "`trueup token list` shows them"};
}

// By the hash: how long the comparing takes tells nothing about the token.
std::optional<Scope> scope_of(const Logins& logins, std::string_view token) {
  if (!token.starts_with(kPrefix)) return std::nullopt;
  const auto found = std::ranges::find(logins.tokens, sha256_hex(token), &Token::hash);
  return found == logins.tokens.end() ? std::nullopt : std::optional(found->scope);
}

Status check_password(std::string_view password) {
  if (password.size() >= kShortestPassword && password.size() <= kLongestPassword) return ok();
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("a password has at least {} characters", kShortestPassword)};
}

}  // namespace trueup::web
