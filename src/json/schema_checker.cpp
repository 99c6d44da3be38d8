#include "json/schema_checker.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "json/canonical.h"
#include "json/write.h"

namespace trueup::json {
namespace {

std::uint8_t types_of(Value value) {
  switch (value.kind()) {
    case Kind::null: return kNullType;
    case Kind::boolean: return kBooleanType;
    case Kind::string: return kStringType;
    case Kind::array: return kArrayType;
    case Kind::object: return kObjectType;
    case Kind::number:
      return value.is_integer() || parse_decimal(value.text()).is_integer() ? std::uint8_t{kNumberType | kIntegerType}
                                                                            : std::uint8_t{kNumberType};
  }
  return 0;
}

std::string names_of(std::uint8_t types) {
  std::string out;
  const auto add = [&](std::uint8_t bit, std::string_view name) {
    if ((types & bit) == 0) return;
    if (!out.empty()) out += " or ";
    out += name;
  };
  add(kNumberType, "a number");
  if ((types & kNumberType) == 0) add(kIntegerType, "a whole number");
  add(kStringType, "text");
  add(kBooleanType, "true or false");
  add(kArrayType, "a list");
  add(kObjectType, "an object");
  add(kNullType, "null");
  return out;
}

/// Characters as Python's len counts them; a lone surrogate is one.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string listed(Value list) {
  std::string out;
  std::size_t count = 0;
  for (const Value each : list.elements()) {
    if (++count > 10) return out + ", ...";
    if (!out.empty()) out += ", ";
    out += shortened(each.text());
  }
  return out;
}

std::string in_words(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

std::string shortened(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() <= kLongest) return std::string(text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return std::string(text.substr(0, end)) + "...";
}

bool SchemaChecker::check(PartId id, Value instance, std::vector<Violation>* found) {
  spend(1);
  if (depth_ >= limits::kMaxSchemaDepth) refuse("the schema refers to itself without end, or is nested too deep");
  if (error_) return true;
  ++depth_;
  const bool allowed = check_part(id, instance, found);
  --depth_;
  return allowed;
}

bool SchemaChecker::check_part(PartId id, Value instance, std::vector<Violation>* found) {
  Pass pass{id, schema_->parts[id], instance, found};
  const SchemaPart& part = pass.part;
  if (part.verdict) {
    if (!*part.verdict) violation(pass, "false", "is not allowed here");
    return pass.allowed;
  }
  if (part.reference) return check(*part.reference, instance, found);
  if (part.reference_beneath) return check_beneath(*part.reference_beneath, instance, found);
  check_kind(pass);
  if (!done(pass) && instance.is_number()) check_number(pass);
  if (!done(pass) && instance.is_string()) check_string(pass);
  if (!done(pass) && instance.is_array()) check_array(pass);
  if (!done(pass) && instance.is_object()) check_object(pass);
  if (!done(pass)) check_combinations(pass);
  return pass.allowed;
}

void SchemaChecker::check_kind(Pass& pass) {
  const SchemaPart& part = pass.part;
  if (part.types != 0 && (part.types & types_of(pass.value)) == 0) {
    violation(pass, "type", fmt::format("must be {}, and is {}", names_of(part.types), describe(pass.value.kind())));
  }
  if (!part.allowed && !part.constant) return;
  spend(pass.value.text().size() / 64);
  const std::string text = canonical_by_value(pass.value);
  if (part.allowed && !part.allowed->contains(text)) {
    violation(pass, "enum", fmt::format("must be one of {}", listed(*part.place.find("enum"))));
  }
  if (part.constant && *part.constant != text) {
    violation(pass, "const", fmt::format("must be {}", shortened(part.place.find("const")->text())));
  }
}

void SchemaChecker::check_number(Pass& pass) {
  const SchemaPart& part = pass.part;
  const Decimal number = parse_decimal(pass.value.text());
  if (number.not_a_number) return;  // no comparison with NaN holds, as in Python
  spend(number.digits.size() / 64);
  const auto text_of = [&](std::string_view keyword) { return shortened(part.place.find(keyword)->text()); };
  if (part.minimum && compare(number, *part.minimum) < 0) {
    violation(pass, "minimum", "must be at least " + text_of("minimum"));
  }
  if (part.maximum && compare(number, *part.maximum) > 0) {
    violation(pass, "maximum", "must be at most " + text_of("maximum"));
  }
  if (part.exclusive_minimum && compare(number, *part.exclusive_minimum) <= 0) {
    violation(pass, "exclusiveMinimum", "must be more than " + text_of("exclusiveMinimum"));
  }
  if (part.exclusive_maximum && compare(number, *part.exclusive_maximum) >= 0) {
    violation(pass, "exclusiveMaximum", "must be less than " + text_of("exclusiveMaximum"));
  }
  if (part.multiple_of && !is_multiple(number, *part.multiple_of)) {
    violation(pass, "multipleOf", "must be a multiple of " + text_of("multipleOf"));
  }
}

void SchemaChecker::check_string(Pass& pass) {
  const SchemaPart& part = pass.part;
  if (!part.min_length && !part.max_length && !part.pattern) return;
  const std::string text = *pass.value.string();
  spend(text.size() / 64);
  const std::size_t length = length_of(text);
  if (part.min_length && length < *part.min_length) {
    violation(pass, "minLength",
              fmt::format("must have at least {}, and has {}", in_words(*part.min_length, "character"), length));
  }
  if (part.max_length && length > *part.max_length) {
    violation(pass, "maxLength",
              fmt::format("must have at most {}, and has {}", in_words(*part.max_length, "character"), length));
  }
  if (part.pattern && !matches(*part.pattern, text)) {
    violation(pass, "pattern", fmt::format("must match the pattern {}", shortened(part.pattern->text)));
  }
}

void SchemaChecker::check_array(Pass& pass) {
  const SchemaPart& part = pass.part;
  const std::size_t size = pass.value.size();
  if (part.min_items && size < *part.min_items) {
    violation(pass, "minItems",
              fmt::format("must have at least {}, and has {}", in_words(*part.min_items, "element"), size));
  }
  if (part.max_items && size > *part.max_items) {
    violation(pass, "maxItems",
              fmt::format("must have at most {}, and has {}", in_words(*part.max_items, "element"), size));
  }
  if (!done(pass)) check_elements(pass);
  if (part.unique_items && !done(pass)) check_unique(pass);
  if (!part.contains || done(pass)) return;
  bool contained = false;
  for (const Value element : pass.value.elements()) {
    contained = check(*part.contains, element, nullptr);
    if (contained || error_) return;
  }
  violation(pass, "contains", "must have an element of a certain form, and has none");
}

void SchemaChecker::check_elements(Pass& pass) {
  const SchemaPart& part = pass.part;
  if (!part.items && !part.has_item_list) return;
  std::size_t i = 0;
  for (const Value element : pass.value.elements()) {
    if (done(pass)) return;
    path_.push_back(std::to_string(i));
    if (!part.has_item_list) {
      require(pass, part.items, element);
    } else {
      require(pass, i < part.item_list.size() ? std::optional(part.item_list[i]) : part.additional_items, element);
    }
    path_.pop_back();
    ++i;
  }
}

void SchemaChecker::check_unique(Pass& pass) {
  spend(pass.value.text().size() / 16);
  if (error_) return;
  std::set<std::string> seen;
  std::size_t i = 0;
  for (const Value element : pass.value.elements()) {
    if (!seen.insert(canonical_by_value(element)).second) {
      return violation(pass, "uniqueItems", fmt::format("holds the same value twice, the second time at {}", i));
    }
    ++i;
  }
}

void SchemaChecker::check_object(Pass& pass) {
  const SchemaPart& part = pass.part;
  const std::size_t size = pass.value.size();
  if (part.min_properties && size < *part.min_properties) {
    violation(pass, "minProperties",
              fmt::format("must have at least {}, and has {}", in_words(*part.min_properties, "key"), size));
  }
  if (part.max_properties && size > *part.max_properties) {
    violation(pass, "maxProperties",
              fmt::format("must have at most {}, and has {}", in_words(*part.max_properties, "key"), size));
  }
  const bool by_key = !part.required.empty() || !part.dependent_keys.empty() || !part.dependent_parts.empty();
  const bool each = !part.properties.empty() || !part.pattern_properties.empty() || part.additional_properties ||
                    part.property_names || (pass.id == kRootPart && schema_->beneath != nullptr);
  if (done(pass) || (!by_key && !each)) return;
  spend(size);
  if (each) check_members(pass);
  if (!by_key || done(pass)) return;
  std::vector<Member> members;
  members.reserve(size);
  for (const Member& member : pass.value.members()) members.push_back(member);
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
  check_dependencies(pass, members);
}

void SchemaChecker::check_members(Pass& pass) {
  for (const Member& member : pass.value.members()) {
    if (done(pass)) return;
    path_.emplace_back(member.key);
    check_member(pass, member);
    path_.pop_back();
  }
}

void SchemaChecker::check_member(Pass& pass, const Member& member) {
  const SchemaPart& part = pass.part;
  bool named = check_property(pass, member);
  for (const PatternPart& pattern : part.pattern_properties) {
    if (done(pass)) return;
    if (!matches(pattern, member.key)) continue;
    named = true;
    require(pass, pattern.part, member.value);
  }
  if (part.property_names && !done(pass)) {
    const auto name = Document::parse(quote(member.key));
    if (name && !check(*part.property_names, name->root(), nullptr)) {
      violation_at(pass, "propertyNames", "is no name that is allowed here", {}, member.key_begin);
    }
  }
  if (named || !part.additional_properties || done(pass)) return;
  if (schema_->parts[*part.additional_properties].verdict == false) {
    violation_at(pass, "additionalProperties", "is a key that is not known here", {}, member.key_begin);
  } else {
    require(pass, part.additional_properties, member.value);
  }
}

/// Whether `properties` knows the member, here or beneath.
bool SchemaChecker::check_property(Pass& pass, const Member& member) {
  const auto property = pass.part.properties.find(member.key);
  if (property != pass.part.properties.end()) {
    require(pass, property->second, member.value);
    return true;
  }
  if (pass.id != kRootPart) return false;
  const auto id = schema_->part_beneath(member.key);
  if (!id) return false;
  if (!check_beneath(*id, member.value, pass.found)) pass.allowed = false;
  return true;
}

bool SchemaChecker::check_beneath(PartId id, Value instance, std::vector<Violation>* found) {
  const CompiledSchema* const above = std::exchange(schema_, schema_->beneath.get());
  const bool allowed = check(id, instance, found);
  schema_ = above;
  return allowed;
}

/// Requires: `members` is sorted by key.
void SchemaChecker::check_dependencies(Pass& pass, const std::vector<Member>& members) {
  const auto has = [&](std::string_view key) {
    const auto at = std::lower_bound(members.begin(), members.end(), key,
                                     [](const Member& member, std::string_view wanted) { return member.key < wanted; });
    return at != members.end() && at->key == key;
  };
  const std::size_t offset = pass.value.begin();
  spend(pass.part.required.size() + pass.part.dependent_keys.size() + pass.part.dependent_parts.size());
  for (const std::string& key : pass.part.required) {
    if (has(key) || (pass.id == kRootPart && schema_->part_beneath(key))) continue;
    violation_at(pass, "required", "is missing", key, offset);
  }
  for (const auto& [key, needed] : pass.part.dependent_keys) {
    if (!has(key)) continue;
    spend(needed.size());
    for (const std::string& other : needed) {
      if (!has(other))
        violation_at(pass, "dependencies", fmt::format("is missing; '{}' needs it", shortened(key)), other, offset);
    }
  }
  for (const auto& [key, id] : pass.part.dependent_parts) {
    if (has(key) && !done(pass)) require(pass, id, pass.value);
  }
}

void SchemaChecker::check_combinations(Pass& pass) {
  const SchemaPart& part = pass.part;
  for (const PartId id : part.all_of) {
    if (!done(pass)) require(pass, id, pass.value);
  }
  if (!part.any_of.empty() && !done(pass)) check_any_of(pass);
  if (!part.one_of.empty() && !done(pass)) check_one_of(pass);
  if (part.negated && !done(pass) && check(*part.negated, pass.value, nullptr) && !error_) {
    violation(pass, "not", "has a form that is not allowed");
  }
  if (!part.condition || done(pass)) return;
  const bool holds = check(*part.condition, pass.value, nullptr);
  if (!error_) require(pass, holds ? part.consequence : part.alternative, pass.value);
}

void SchemaChecker::check_any_of(Pass& pass) {
  for (const PartId id : pass.part.any_of) {
    if (check(id, pass.value, nullptr)) return;
  }
  violation(pass, "anyOf", fmt::format("has none of the {} forms that are allowed", pass.part.any_of.size()));
}

void SchemaChecker::check_one_of(Pass& pass) {
  std::size_t fitting = 0;
  for (const PartId id : pass.part.one_of) fitting += check(id, pass.value, nullptr) ? 1U : 0U;
  if (fitting == 1 || error_) return;
  if (fitting == 0) {
    violation(pass, "oneOf", fmt::format("has none of the {} forms that are allowed", pass.part.one_of.size()));
  } else {
    violation(pass, "oneOf", fmt::format("has {} of the forms at once, and must have exactly one", fitting));
  }
}

void SchemaChecker::require(Pass& pass, std::optional<PartId> id, Value value) {
  if (id && !check(*id, value, pass.found)) pass.allowed = false;
}

void SchemaChecker::violation(Pass& pass, std::string_view keyword, std::string message) {
  violation_at(pass, keyword, std::move(message), {}, pass.value.begin());
}

/// `key` is one that is missing, so that the path leads to where it belongs.
void SchemaChecker::violation_at(Pass& pass, std::string_view keyword, std::string message, const std::string& key,
                                 std::size_t offset) {
  if (error_) return;
  pass.allowed = false;
  if (pass.found == nullptr || pass.found->size() >= limits::kMaxSchemaViolations) return;
  Violation found{.path = path_, .keyword = std::string(keyword), .message = std::move(message), .offset = offset};
  if (keyword == "required" || keyword == "dependencies") found.path.push_back(key);
  found.schema_path = pass.part.pointer + (keyword == "false" ? "" : "/" + std::string(keyword));
  pass.found->push_back(std::move(found));
}

/// The cost of a search is not known beforehand: it is paid for as the worst that its limits allow.
bool SchemaChecker::matches(const PatternPart& pattern, std::string_view text) {
  if (text.size() > limits::kMaxPatternSubjectBytes) {
    refuse(fmt::format("a text of more than {} bytes is to match a pattern", limits::kMaxPatternSubjectBytes));
    return true;
  }
  spend(40 + text.size() * text.size() / 1024);
  if (error_) return true;
  Match match = pattern.pattern.search(text, true);
  if (match == Match::too_much_work) {
    spend(2000);
    match = pattern.pattern.search(text, false);
  }
  if (match == Match::too_much_work) {
    refuse(fmt::format("the pattern {} takes too long on a value", shortened(pattern.text)));
  }
  return match != Match::no;
}

void SchemaChecker::spend(std::size_t steps) {
  steps_ += steps;
  if (steps_ > limits::kMaxSchemaSteps) refuse("checking takes more work than any honest schema needs");
}

void SchemaChecker::refuse(std::string_view message) {
  if (!error_) error_ = Error{ErrorCode::refused, "the settings could not be checked: " + std::string(message)};
}

}  // namespace trueup::json
