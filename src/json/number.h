// Numbers as Python reads and prints them. Spellings are never changed in a file; these serve comparing and showing.
#pragma once

#include <string>
#include <string_view>

namespace trueup::json {

/// The value of a JSON number's spelling, or of NaN, Infinity, -Infinity, as Python's float() gives it.
/// Requires: the parser accepted it.
double parse_number(std::string_view spelling);

/// Whether a JSON number with a fraction or exponent is beyond the range of a double.
bool is_infinite(std::string_view spelling);

/// Python's repr of a float: "0.1", "1e+16", "inf", "nan".
std::string python_float(double number);

/// Digits of a whole number, without a sign on zero: what Python's int prints.
std::string python_integer(std::string_view spelling);

}  // namespace trueup::json
