#include "platform/random.h"

#include <fmt/core.h>
#include <sys/random.h>

#include <cstdlib>
#include <random>

#include "platform/descriptor.h"

namespace trueup::platform {

std::string Random::hex(std::size_t count) {
  std::string digits;
  for (const char byte : bytes(count)) digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return digits;
}

std::string RealRandom::bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = retry_interrupted([&] { return ::getrandom(bytes.data() + filled, count - filled, 0); });
    // Without it no token would be one. Every kernel that runs us has the call, and it cannot fail otherwise.
    if (got < 0) std::abort();
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

struct RepeatableRandom::Sequence {
  std::mt19937 next;  // seeded alike each time
};

RepeatableRandom::RepeatableRandom() : sequence_(std::make_unique<Sequence>()) {}
RepeatableRandom::~RepeatableRandom() = default;

std::string RepeatableRandom::bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(sequence_->next() & 0xffU);
  return bytes;
}

}  // namespace trueup::platform
