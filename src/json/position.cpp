#include "json/position.h"

#include <algorithm>

namespace trueup::json {

LineColumn LineColumnCounter::advance_to(std::size_t offset) {
  for (const std::size_t end = std::min(offset, bytes_.size()); at_ < end; ++at_) {
    const auto byte = static_cast<unsigned char>(bytes_[at_]);
    const bool pair = byte == '\r' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n';
    if (byte == '\n' || (byte == '\r' && !pair)) {
      ++position_.line;
      position_.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {  // the later bytes of a UTF-8 character do not count
      ++position_.column;
    }
  }
  return position_;
}

LineColumn line_column(std::string_view bytes, std::size_t offset) {
  return LineColumnCounter(bytes).advance_to(offset);
}

}  // namespace trueup::json
