#include "json/difference.h"

#include <algorithm>
#include <string>

#include "json/canonical.h"

namespace trueup::json {
namespace {

class Difference {
 public:
  explicit Difference(Path path) : path_(std::move(path)) {}

  // Recursion goes as deep as both values do, which the parser bounds.
  void value(Value there, Value wanted) {
    if (equal(there, wanted)) return;
    if (there.is_object() && wanted.is_object()) return members(there, wanted);
    if (there.is_array() && wanted.is_array() && elements(listed(there), listed(wanted))) return;
    edits_.push_back({path_, std::string(wanted.text())});
  }

  std::vector<Edit> take() && { return std::move(edits_); }

 private:
  static std::vector<Value> listed(Value list) {
    std::vector<Value> out;
    for (const Value element : list.elements()) out.push_back(element);
    return out;
  }

  void members(Value there, Value wanted) {
    for (const Member& member : there.members()) {
      path_.emplace_back(member.key);
      if (const auto stays = wanted.find(member.key)) {
        value(member.value, *stays);
      } else {
        edits_.push_back({path_, std::nullopt});
      }
      path_.pop_back();
    }
    for (const Member& member : wanted.members()) {
      if (!there.find(member.key)) add(std::string(member.key), member.value);
    }
  }

  void add(std::string step, Value value) {
    path_.push_back(std::move(step));
    edits_.push_back({path_, std::string(value.text())});
    path_.pop_back();
  }

  /// False: elements came between others, which no single edits say.
  bool elements(const std::vector<Value>& there, const std::vector<Value>& wanted) {
    const std::size_t shorter = std::min(there.size(), wanted.size());
    std::size_t before = 0;
    while (before < shorter && equal(there[before], wanted[before])) ++before;
    std::size_t behind = 0;
    while (behind < shorter - before && equal(there[there.size() - 1 - behind], wanted[wanted.size() - 1 - behind])) {
      ++behind;
    }
    const std::size_t old_ones = there.size() - before - behind;
    const std::size_t new_ones = wanted.size() - before - behind;
    const bool appends = old_ones == 0 && behind == 0;
    if (old_ones != new_ones && new_ones != 0 && !appends) return false;
    for (std::size_t i = before; i < before + old_ones; ++i) {
      path_.push_back(std::to_string(i));
      if (new_ones == 0) {
        edits_.push_back({path_, std::nullopt});
      } else {
        value(there[i], wanted[i]);
      }
      path_.pop_back();
    }
    for (std::size_t i = before; appends && i < wanted.size(); ++i) add("-", wanted[i]);
    return true;
  }

  Path path_;
  std::vector<Edit> edits_;
};

}  // namespace

std::vector<Edit> difference(Value there, Value wanted, const Path& path) {
  Difference difference(path);
  difference.value(there, wanted);
  return std::move(difference).take();
}

}  // namespace trueup::json
