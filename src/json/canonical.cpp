#include "json/canonical.h"

#include <algorithm>
#include <vector>

#include "json/decimal.h"
#include "json/write.h"

namespace trueup::json {
namespace {

// Recursion here is bounded by the depth that the parser accepts.
void append_canonical(std::string& out, Value value, bool numbers_by_value) {
  if (value.is_string()) {
    out += quote(*value.string());
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const Value element : value.elements()) {
      if (!first) out += ',';
      first = false;
      append_canonical(out, element, numbers_by_value);
    }
    out += ']';
  } else if (value.is_object()) {
    std::vector<Member> members;
    for (const Member& member : value.members()) members.push_back(member);
    std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
    out += '{';
    bool first = true;
    for (const Member& member : members) {
      if (!first) out += ',';
      first = false;
      out += quote(member.key);
      out += ':';
      append_canonical(out, member.value, numbers_by_value);
    }
    out += '}';
  } else if (numbers_by_value && value.is_number()) {
    out += parse_decimal(value.text()).text();
  } else {
    out += value.text();
  }
}

}  // namespace

std::string canonical(Value value) {
  std::string out;
  append_canonical(out, value, false);
  return out;
}

std::string canonical_by_value(Value value) {
  std::string out;
  append_canonical(out, value, true);
  return out;
}

bool equal(Value a, Value b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  return a.text() == b.text() || canonical(a) == canonical(b);
}

}  // namespace trueup::json
