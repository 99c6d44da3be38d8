// A value from somebody's file as a finding may repeat it: what is long or holds other values may hold a secret, and is
// told by its type. Pure.
#pragma once

#include <string>
#include <string_view>

namespace trueup::model {

/// `json` itself where it is short and holds nothing else; "(an object)", "(a list)" or "(a long text)" otherwise.
std::string shown_json(std::string_view json);

/// The same as JSON: the words stand in quotes.
std::string shown_as_json(std::string_view json);

}  // namespace trueup::model
