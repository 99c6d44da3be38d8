// Where a download's bytes go: the file that the parent opened, never beyond what it allows. Nothing else of the disk
// is touched while bytes come from the network.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace trueup::fetch {

class Body {
 public:
  Body(int descriptor, std::uint64_t most) : descriptor_(descriptor), most_(most) {}

  /// What was there is gone; the next bytes are the first.
  Status start_anew();
  /// The next bytes follow on those that are there. Error: io, when there are not exactly so many.
  Status go_on_after(std::uint64_t bytes);
  /// Errors: refused (more than may come), full, io.
  Status add(std::string_view bytes);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t most() const { return most_; }

 private:
  int descriptor_;
  std::uint64_t most_;
  std::uint64_t size_ = 0;
};

}  // namespace trueup::fetch
