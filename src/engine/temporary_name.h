// The names of files that lie beside a document for the moment of an exchange. They tell by themselves whose they are
// and what they held when they were ours, so that a start after a crash can clean up without any other record, and no
// other program's file ever matches (failure F74).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::engine {

/// Being written: may be torn, is always ours, may always go.
std::string unfinished_name(std::string_view file, std::string_view transaction);
/// Complete and synced. `digest` is of its bytes, `basis` of the file it is to be exchanged with (empty: there is
/// none). After the exchange the displaced file has this name: with the basis' bytes all went well, with any others
/// somebody wrote at the last moment.
std::string ready_name(std::string_view file, std::string_view transaction, std::string_view digest,
                       std::string_view basis);

struct TemporaryName {
  std::string file;
  std::string transaction;
  std::string digest_start;  // empty: unfinished
  std::string basis_start;
  bool operator==(const TemporaryName&) const = default;

  [[nodiscard]] bool unfinished() const { return digest_start.empty(); }
};

/// Nothing unless `name` is exactly what one of the two functions above makes.
std::optional<TemporaryName> parse_temporary_name(std::string_view name);

}  // namespace trueup::engine
