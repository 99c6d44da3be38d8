// Regular expressions from strangers: plugin schemas bring them. Only pattern.cpp knows PCRE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trueup::json {

enum class Match { no, yes, too_much_work };

/// A pattern as JSON Schema means it: found anywhere in the text, JavaScript's escapes, `$` only at the very end.
class Pattern {
 public:
  /// Error: invalid, with what is wrong in the pattern.
  static Result<Pattern> compile(std::string_view text);

  /// `quick` gives up after a small part of the work that is allowed at all.
  [[nodiscard]] Match search(std::string_view subject, bool quick) const;

 private:
  struct Code;
  explicit Pattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

  std::shared_ptr<const Code> code_;
};

}  // namespace trueup::json
