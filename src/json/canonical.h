// When two JSON values are the same: for us (spelling of numbers counts) and for Python.
#pragma once

#include <string>

#include "json/value.h"

namespace trueup::json {

/// Text for hashing and comparing: no blanks, keys sorted and each once, escapes as quote() writes them, numbers as
/// spelled (1 and 1.0 differ).
std::string canonical(Value value);

/// The same with each number in one spelling: 1, 1.0 and 10e-1 are alike, as JSON Schema compares.
std::string canonical_by_value(Value value);

/// The same canonical text.
bool equal(Value a, Value b);

/// Python's == on what json.load gives: 1 == 1.0 == True, whole numbers compared exactly at any size, lists and dicts
/// by content. NaN differs from NaN, except inside a list or dict: there Python compares identity first, and json.load
/// has one NaN object.
bool python_equal(Value a, Value b);

/// What an f-string prints for the loaded value, Python's str(): text bare at the top, quoted by repr's rules inside
/// lists and dicts; True, False, None; floats as "1e+16", "inf", "nan".
std::string python_repr(Value value);

}  // namespace trueup::json
