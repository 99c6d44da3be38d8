// Addresses of the store, taken apart by their structure and never by cutting texts (failure F124), and what follows
// from an entry: where its archive lies. Pure.
//
// Only https: and file: are addresses here. Whether a host is one that may be asked is for whoever connects to decide,
// when its real address is known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/observation.h"

namespace trueup::store {

struct WebAddress {
  enum class Scheme : std::uint8_t { https, file };
  Scheme scheme = Scheme::https;
  std::string host;  // in small letters; an IPv6 address in brackets; empty for file:
  std::uint16_t port = 443;
  std::string path;   // with its slash, as it was written
  std::string query;  // with its question mark, or empty

  bool operator==(const WebAddress&) const = default;
  [[nodiscard]] std::string text() const;
  /// "host:port", by which a host is named in settings.
  [[nodiscard]] std::string place() const;
  /// Whether a GitHub token may be shown to it.
  [[nodiscard]] bool is_github() const;
};

/// White space around it is taken off, a fragment is dropped. Errors: invalid (no address), refused (another scheme, or
/// a name and password in it).
Result<WebAddress> parse_web_address(std::string_view text);

/// An address as it is told and remembered: without a name, a password and a query, which may be secret. Any text.
std::string shown_address(std::string_view text);

/// Without slashes and one ".git" at its end, so that two spellings of one repository are equal.
Result<WebAddress> parse_repository(std::string_view text);

/// Two spellings of one source: a registry's or a repository's address, or a path.
bool is_same_source(const std::string& a, const std::string& b);

/// How the address of an archive begins that the git program brings; the rest is the repository's.
inline constexpr std::string_view kGitAddress = "git+";
/// Whether that is how this entry's comes: only from a saved repository itself, never from where some list leads.
bool is_by_git(const model::RegistryEntry& entry);

/// Where the archive of this entry is downloaded: its own address, or the repository's archive of the commit or branch.
/// Errors: as above, not_found when the entry names neither.
Result<WebAddress> archive_of(const model::RegistryEntry& entry);

}  // namespace trueup::store
