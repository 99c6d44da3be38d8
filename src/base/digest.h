// SHA-256, the one digest of trueup: contents of files, plans, evidence.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace trueup {

/// Lower-case hexadecimal SHA-256 of `bytes` (64 characters).
std::string sha256_hex(std::string_view bytes);

/// The same, fed piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  [[nodiscard]] std::string hex();  // ends the computation

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 32 hexadecimal digits that differ when `bytes` do, ten times faster than SHA-256. Only to notice that somebody's
/// text changed: whoever wants to can make two texts with the same fingerprint.
std::string fingerprint_hex(std::string_view bytes);

/// CRC-32 (IEEE 802.3), for torn-write detection in the journal; not against malice.
std::uint32_t crc32(std::string_view bytes);

}  // namespace trueup
