#include "json/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace trueup::json {
namespace {

/// For a number that is not zero and that from_chars calls out of range: whether it is too large (and not too small).
bool too_large(std::string_view spelling) {
  const std::size_t exponent_at = std::min(spelling.find_first_of("eE"), spelling.size());
  std::string_view exponent = spelling.substr(exponent_at);
  if (!exponent.empty()) exponent.remove_prefix(1);
  if (!exponent.empty() && exponent.front() == '+') exponent.remove_prefix(1);
  long long power = 0;
  const auto parsed = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  if (parsed.ec == std::errc::result_out_of_range) return exponent.front() != '-';

  const std::string_view mantissa = spelling.substr(0, exponent_at);
  const auto point = static_cast<long long>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<long long>(mantissa.find_first_of("123456789"));
  return point - first + power > 0;
}

}  // namespace

double parse_number(std::string_view spelling) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (spelling == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (spelling == "Infinity") return kInfinity;
  if (spelling == "-Infinity") return -kInfinity;
  double number = 0;
  const auto parsed = std::from_chars(spelling.data(), spelling.data() + spelling.size(), number);
  if (parsed.ec != std::errc::result_out_of_range) return number;
  const double size = too_large(spelling) ? kInfinity : 0.0;
  return spelling.front() == '-' ? -size : size;
}

bool is_infinite(std::string_view spelling) { return std::isinf(parse_number(spelling)); }

std::string python_float(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  const std::string_view shortest(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t exponent_at = shortest.find('e');
  int exponent = 0;
  const bool plus = shortest[exponent_at + 1] == '+';
  std::from_chars(shortest.data() + exponent_at + (plus ? 2 : 1), shortest.data() + shortest.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(shortest);

  std::string out(number < 0 || std::signbit(number) ? "-" : "");
  std::string digits;
  std::copy_if(shortest.begin(), shortest.begin() + static_cast<std::ptrdiff_t>(exponent_at),
               std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0') + ".0";
  return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string python_integer(std::string_view spelling) { return spelling == "-0" ? "0" : std::string(spelling); }

}  // namespace trueup::json
