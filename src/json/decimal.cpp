#include "json/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "json/number.h"

namespace trueup::json {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::int64_t kFarExponent = 1'000'000'000'000;  // larger exponents compare alike

std::int64_t parse_exponent(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return 0;
  std::int64_t exponent = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (parsed.ec == std::errc::result_out_of_range) return text.front() == '-' ? -kFarExponent : kFarExponent;
  return std::clamp(exponent, -kFarExponent, kFarExponent);
}

int compare_sizes(const Decimal& a, const Decimal& b) {
  if (a.infinite || b.infinite) return static_cast<int>(a.infinite) - static_cast<int>(b.infinite);
  if (a.digits.empty() || b.digits.empty()) {
    return static_cast<int>(!a.digits.empty()) - static_cast<int>(!b.digits.empty());
  }
  const std::int64_t magnitude_a = a.exponent + static_cast<std::int64_t>(a.digits.size());
  const std::int64_t magnitude_b = b.exponent + static_cast<std::int64_t>(b.digits.size());
  if (magnitude_a != magnitude_b) return magnitude_a < magnitude_b ? -1 : 1;
  const int order = a.digits.compare(b.digits);  // a prefix is the smaller one, as it should be
  return order < 0 ? -1 : static_cast<int>(order > 0);
}

std::uint64_t remainder_of_power(std::int64_t exponent, std::uint64_t modulus) {
  Wide result = 1 % modulus;
  Wide base = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return static_cast<std::uint64_t>(result);
}

}  // namespace

std::string Decimal::text() const {
  if (not_a_number) return "NaN";
  const std::string sign(negative ? "-" : "");
  if (infinite) return sign + "Infinity";
  if (digits.empty()) return "0";
  return exponent == 0 ? sign + digits : sign + digits + "e" + std::to_string(exponent);
}

Decimal parse_decimal(std::string_view spelling) {
  Decimal out;
  out.negative = spelling.front() == '-';
  if (out.negative) spelling.remove_prefix(1);
  out.not_a_number = spelling == "NaN";
  out.infinite = spelling == "Infinity";
  if (out.not_a_number || out.infinite) return out;

  const std::size_t exponent_at = std::min(spelling.find_first_of("eE"), spelling.size());
  if (exponent_at < spelling.size()) out.exponent = parse_exponent(spelling.substr(exponent_at + 1));
  const std::string_view mantissa = spelling.substr(0, exponent_at);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  out.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) {
    out.digits += mantissa.substr(point + 1);
    out.exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);
  }
  out.digits.erase(0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  const std::size_t last = out.digits.find_last_not_of('0');
  if (last == std::string::npos) return Decimal{};
  out.exponent += static_cast<std::int64_t>(out.digits.size() - last - 1);
  out.digits.resize(last + 1);
  return out;
}

int compare(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  return a.negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

bool is_multiple(const Decimal& number, const Decimal& divisor) {
  if (number.infinite || number.not_a_number) return false;
  if (number.digits.empty()) return true;
  const std::int64_t shift = number.exponent - divisor.exponent;
  if (shift < 0) return false;  // neither has trailing zeros, so the quotient would have a fraction
  std::uint64_t modulus = 0;
  const char* end = divisor.digits.data() + divisor.digits.size();
  if (divisor.digits.size() > 18 || std::from_chars(divisor.digits.data(), end, modulus).ec != std::errc()) {
    return std::fmod(parse_number(number.text()), parse_number(divisor.text())) == 0.0;
  }
  Wide remainder = 0;
  for (const char digit : number.digits) remainder = (remainder * 10 + static_cast<unsigned>(digit - '0')) % modulus;
  return remainder * remainder_of_power(shift, modulus) % modulus == 0;
}

}  // namespace trueup::json
