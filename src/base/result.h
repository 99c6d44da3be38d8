// Errors are values: every function that can fail returns Result<T> or Status.
//
// An Error says what failed (message), of which kind (code), where (a path, an id, a key) and what the reader can
// do (hint). Layers on the way up may add one line of context each. Nothing here throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace trueup {

enum class ErrorCode {
  not_found,    // the thing does not exist
  unreadable,   // it exists, but its content could not be read or understood: never the same as empty
  invalid,      // input that breaks a rule
  refused,      // allowed by nobody: a promise or a policy forbids it
  contended,    // another program holds it
  busy,         // another trueup is working
  full,         // no space or quota left
  read_only,    // the disk or the user may not write
  conflict,     // the world is no longer what it was when this was decided
  unsupported,  // the kernel or file system cannot do it
  io,           // the operating system failed
  internal,     // our own mistake
};

std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;     // one sentence for a person, without the path
  std::string where = {};  // path, plugin id or key concerned
  std::string hint = {};   // what the reader can do, or empty
  std::vector<std::string> context = {};
  int os_error = 0;  // errno, when the operating system said no

  bool operator==(const Error&) const = default;

  /// "where: message (context)"; the hint is left to the printer.
  [[nodiscard]] std::string text() const;
  /// The same error with one more line of context.
  [[nodiscard]] Error within(std::string line) &&;
};

/// The system did not give out what is there, which says nothing about what it is.
bool is_disk_failure(const Error& error);

/// The Error for an errno value: picks the code and words that tell the owner what it means.
Error os_error(int number, std::string_view action, std::string where);

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{...}` is the point.
  Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}
};

using Status = Result<void>;

inline Status ok() { return {}; }

}  // namespace trueup

#define TRUEUP_CONCAT_INNER(a, b) a##b
#define TRUEUP_CONCAT(a, b) TRUEUP_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, or goes on.
#define RETURN_IF_ERROR(expression)                              \
  do {                                                           \
    if (auto status_or_error = (expression); !status_or_error) { \
      return std::move(status_or_error).error();                 \
    }                                                            \
  } while (false)

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
/// ASSIGN_OR_RETURN(auto bytes, read(...)): declares, or returns the error.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(TRUEUP_CONCAT(result_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_IMPL(name, declaration, expression) \
  auto name = (expression);                                  \
  if (!name) return std::move(name).error();                 \
  declaration = std::move(*name)
// NOLINTEND(bugprone-macro-parentheses)
