// Unpredictable bytes as a port: names of temporary files, tokens. A test hands in a predictable source.
#pragma once

#include <cstddef>
#include <memory>
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

/// The same bytes in every run, and no pattern that comes again: names unlike each other, however many are made.
class RepeatableRandom final : public Random {
 public:
  RepeatableRandom();
  ~RepeatableRandom() override;
  std::string bytes(std::size_t count) override;

 private:
  struct Sequence;  // apart: <random> is large, and nearly every file would read it
  std::unique_ptr<Sequence> sequence_;
};

}  // namespace trueup::platform
