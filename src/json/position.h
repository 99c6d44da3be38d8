// Lines and columns of offsets, counted as an editor shows them. Private to src/json.
#pragma once

#include <cstddef>
#include <string_view>

#include "json/value.h"

namespace trueup::json {

/// Walks over `bytes` once, however many offsets are asked for.
class LineColumnCounter {
 public:
  explicit LineColumnCounter(std::string_view bytes) : bytes_(bytes) {}

  /// Requires: `offset` is not before the last one.
  LineColumn advance_to(std::size_t offset);

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  LineColumn position_;
};

}  // namespace trueup::json
