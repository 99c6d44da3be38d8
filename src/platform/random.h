// Unpredictable bytes as a port: names of temporary files, tokens. A test hands in a predictable source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace trueup::platform {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::string bytes(std::size_t count) = 0;
  /// `count` bytes as lower-case hexadecimal digits.
  std::string hex(std::size_t count);
};

/// The kernel's generator.
class RealRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;
};

/// 0, 1, 2, 3 … 255, and then no pattern that comes again soon: names unlike each other, and the same in every run.
class CountingRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;

 private:
  std::uint32_t next_ = 0;
};

}  // namespace trueup::platform
