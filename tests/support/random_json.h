// JSON texts as people and programs write them, for property tests: any layout, odd numbers, escapes, duplicate keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trueup::test {

/// A row of choices that a generator spends; when it is used up, every choice is the first one. Fewer and smaller
/// bytes make simpler results, so rapidcheck can shrink a failure.
class Choices {
 public:
  explicit Choices(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}

  /// Below `limit`. Requires: 0 < limit <= 256.
  std::size_t pick(std::size_t limit) { return at_ < bytes_.size() ? bytes_[at_++] % limit : 0; }
  bool one_in(std::size_t count) { return pick(count) == count - 1; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// A document that Python's json.load reads; its root is an object.
std::string random_document(Choices& choices);
/// Any value.
std::string random_value(Choices& choices);
/// A key as a JSON string, from a small set so that keys meet again. Decoded, they are the same in any spelling.
std::string random_key(Choices& choices);

/// `text` with a few bytes changed: usually no JSON any more.
std::string damaged(std::string text, Choices& choices);

}  // namespace trueup::test
