// Numbers as exact decimals, for comparing spellings: 1, 1.0 and 10e-1 are one number. Private to src/json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trueup::json {

/// digits * 10^exponent without trailing zeros in `digits`; zero has no digits. Beyond every finite number when
/// `infinite`.
struct Decimal {
  bool negative = false;
  bool infinite = false;
  bool not_a_number = false;
  std::string digits;
  std::int64_t exponent = 0;

  bool operator==(const Decimal&) const = default;

  [[nodiscard]] bool is_integer() const { return !infinite && !not_a_number && (digits.empty() || exponent >= 0); }
  /// One spelling for each number.
  [[nodiscard]] std::string text() const;
};

/// Requires: a number's spelling that the parser accepted.
Decimal parse_decimal(std::string_view spelling);

/// Below, equal, above: -1, 0, 1. Requires: neither is NaN.
int compare(const Decimal& a, const Decimal& b);

/// Whether `number` is a whole multiple of `divisor`. Requires: divisor is finite and above zero.
bool is_multiple(const Decimal& number, const Decimal& divisor);

}  // namespace trueup::json
