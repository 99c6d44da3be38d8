#include "json/schema_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "json/canonical.h"

namespace trueup::json {
namespace {

constexpr std::array<std::string_view, 15> kNoAssertions = {
    "title", "description", "default",          "examples",        "readOnly",    "writeOnly", "$comment", "$schema",
    "$id",   "format",      "contentMediaType", "contentEncoding", "definitions", "$defs",     "$ref"};

std::string pointer_step(std::string_view key) {
  std::string out;
  out.reserve(key.size() + 1);
  out += '/';
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::uint8_t type_bit(std::string_view name) {
  if (name == "null") return kNullType;
  if (name == "boolean") return kBooleanType;
  if (name == "integer") return kIntegerType;
  if (name == "number") return kNumberType;
  if (name == "string") return kStringType;
  if (name == "array") return kArrayType;
  if (name == "object") return kObjectType;
  return 0;
}

/// What Python takes for true.
bool is_truthy(Value value) {
  if (value.is_boolean()) return *value.boolean();
  if (value.is_number()) return *value.number() != 0;
  if (value.is_string()) return value.text().size() > 2;
  return value.size() > 0;
}

}  // namespace

Status SchemaReader::run() {
  part(out_.document.root(), "", "");
  while (!too_large_ && faults_.size() < kMaxSchemaFaults && (!unread_.empty() || !references_.empty())) {
    if (!unread_.empty()) {
      const PartId id = unread_.back();
      unread_.pop_back();
      fill(id);
    } else {  // only when every $id is known
      const Reference reference = references_.back();
      references_.pop_back();
      settle(reference);
    }
  }
  if (!faults_.empty()) {
    const auto& [position, message] = faults_.front();
    return Error{ErrorCode::invalid, fmt::format("line {}, column {}: {}", position.line, position.column, message)};
  }
  std::sort(out_.unknown.begin(), out_.unknown.end(), [](const UnknownKeyword& a, const UnknownKeyword& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return ok();
}

PartId SchemaReader::part(Value place, const std::string& base, const std::string& pointer) {
  const auto [known, added] = known_.try_emplace(place.node(), static_cast<PartId>(out_.parts.size()));
  if (!added) return known->second;
  if (out_.parts.size() >= limits::kMaxSchemaParts) {
    too_large_ = true;
    fail(place, fmt::format("the schema has more than {} parts", limits::kMaxSchemaParts));
    return 0;
  }
  SchemaPart& made = out_.parts.emplace_back(place);
  made.base = base;
  made.pointer = pointer;
  unread_.push_back(known->second);
  return known->second;
}

/// Reads the keywords of one part. New parts are made meanwhile; a deque leaves this one where it is.
void SchemaReader::fill(PartId id) {
  SchemaPart& part = out_.parts[id];
  const Value place = part.place;
  if (place.is_boolean()) {
    part.verdict = place.boolean();
  } else if (!place.is_object()) {
    fail(place, fmt::format("a schema is an object, true or false, and this is {}", describe(place.kind())));
  } else {
    const auto reference = place.find("$ref");
    const auto secret = place.find("x-secret");
    part.secret = secret && is_truthy(*secret);
    out_.has_secrets = out_.has_secrets || part.secret;
    if (reference && reference->is_string()) {
      references_.push_back({id, resolve_uri(part.base, *reference->string()), *reference});
    } else {
      if (const auto own_id = place.find("$id"); own_id && own_id->is_string()) register_id(part, *own_id);
      for (const Member& member : place.members()) keyword(part, member);
    }
  }
}

void SchemaReader::register_id(SchemaPart& part, Value id) {
  const std::string uri = resolve_uri(part.base, *id.string());
  const std::string without_fragment = uri.substr(0, uri.find('#'));
  if (uri.size() > without_fragment.size() + 1) {  // "#name": a name for this place, not a new base
    resources_.try_emplace(uri, part.place);
    return;
  }
  part.base = without_fragment;
  resources_.try_emplace(without_fragment, part.place);
}

void SchemaReader::keyword(SchemaPart& part, const Member& member) {
  if (member.key == "definitions" || member.key == "$defs") {
    if (!member.value.is_object()) return fail(member.value, fmt::format("'{}' must be an object", member.key));
    const std::string pointer = part.pointer + pointer_step(member.key);
    for (const Member& each : member.value.members()) {
      this->part(each.value, part.base, pointer + pointer_step(each.key));
    }
    return;
  }
  const bool hint = member.key.starts_with("x-") || member.key.starts_with("x_");
  if (hint || std::find(kNoAssertions.begin(), kNoAssertions.end(), member.key) != kNoAssertions.end()) return;
  if (object_keyword(part, member) || simple_keyword(part, member) || count_keyword(part, member) ||
      list_keyword(part, member) || combining_keyword(part, member)) {
    return;
  }
  if (out_.unknown.size() >= limits::kMaxJsonNotes) return;
  out_.unknown.push_back({std::string(member.key), json::line_column(out_.document.bytes(), member.key_begin)});
}

bool SchemaReader::simple_keyword(SchemaPart& part, const Member& member) {
  const auto [key, value, key_begin, key_end] = member;
  const std::array<std::pair<std::string_view, std::optional<Decimal>*>, 5> numbers = {
      {{"multipleOf", &part.multiple_of},
       {"maximum", &part.maximum},
       {"exclusiveMaximum", &part.exclusive_maximum},
       {"minimum", &part.minimum},
       {"exclusiveMinimum", &part.exclusive_minimum}}};
  for (const auto& [name, place] : numbers) {
    if (key != name) continue;
    const std::optional<Decimal> number = value.is_number() ? std::optional(parse_decimal(value.text())) : std::nullopt;
    if (!number || number->not_a_number) {
      fail(value, fmt::format("'{}' must be a number", key));
    } else if (key == "multipleOf" && (number->negative || number->infinite || number->digits.empty())) {
      fail(value, "'multipleOf' must be a number above 0");
    }
    *place = number;
    return true;
  }
  if (key == "type") {
    types(part, value);
  } else if (key == "const") {
    part.constant = canonical_by_value(value);
  } else if (key == "enum") {
    if (!value.is_array()) fail(value, "'enum' must be a list");
    part.allowed.emplace();
    for (const Value each : value.elements()) part.allowed->insert(canonical_by_value(each));
  } else if (key == "pattern") {
    if (!value.is_string()) {
      fail(value, "'pattern' must be text");
    } else {
      part.pattern = pattern(*value.string(), value);
    }
  } else {
    return false;
  }
  return true;
}

bool SchemaReader::count_keyword(SchemaPart& part, const Member& member) {
  const std::array<std::pair<std::string_view, std::optional<std::size_t>*>, 6> counts = {
      {{"maxLength", &part.max_length},
       {"minLength", &part.min_length},
       {"maxItems", &part.max_items},
       {"minItems", &part.min_items},
       {"maxProperties", &part.max_properties},
       {"minProperties", &part.min_properties}}};
  for (const auto& [name, place] : counts) {
    if (member.key != name) continue;
    const Value value = member.value;
    const bool whole = value.is_number() && parse_decimal(value.text()).is_integer() && *value.number() >= 0;
    if (!whole) {
      fail(value, fmt::format("'{}' must be a whole number, 0 or more", name));
    } else {
      *place = static_cast<std::size_t>(std::min(*value.number(), 1e15));
    }
    return true;
  }
  return false;
}

bool SchemaReader::list_keyword(SchemaPart& part, const Member& member) {
  if (member.key == "items" && member.value.is_array()) {
    part.has_item_list = true;
    std::size_t i = 0;
    for (const Value each : member.value.elements()) {
      part.item_list.push_back(this->part(each, part.base, fmt::format("{}/items/{}", part.pointer, i++)));
    }
  } else if (member.key == "items") {
    part.items = sub_part(part, member);
  } else if (member.key == "additionalItems") {
    part.additional_items = sub_part(part, member);
  } else if (member.key == "contains") {
    part.contains = sub_part(part, member);
  } else if (member.key == "uniqueItems") {
    if (!member.value.is_boolean()) fail(member.value, "'uniqueItems' must be true or false");
    part.unique_items = member.value.boolean().value_or(false);
  } else {
    return false;
  }
  return true;
}

bool SchemaReader::object_keyword(SchemaPart& part, const Member& member) {
  const auto [key, value, key_begin, key_end] = member;
  if (key == "required") {
    part.required = names(value, key);
  } else if (key == "additionalProperties") {
    part.additional_properties = sub_part(part, member);
  } else if (key == "propertyNames") {
    part.property_names = sub_part(part, member);
  } else if (key == "dependencies") {
    dependencies(part, member);
  } else if (key == "properties" || key == "patternProperties") {
    if (!value.is_object()) fail(value, fmt::format("'{}' must be an object", key));
    for (const Member& each : value.members()) {
      const PartId id = this->part(each.value, part.base, part.pointer + pointer_step(key) + pointer_step(each.key));
      if (key == "properties") {
        part.properties.emplace(each.key, id);
      } else if (auto compiled = pattern(each.key, each.value)) {
        compiled->part = id;
        part.pattern_properties.push_back(std::move(*compiled));
      }
    }
  } else {
    return false;
  }
  return true;
}

bool SchemaReader::combining_keyword(SchemaPart& part, const Member& member) {
  const std::string_view key = member.key;
  if (key == "allOf") {
    part.all_of = part_list(part, member);
  } else if (key == "anyOf") {
    part.any_of = part_list(part, member);
  } else if (key == "oneOf") {
    part.one_of = part_list(part, member);
  } else if (key == "not") {
    part.negated = sub_part(part, member);
  } else if (key == "if") {
    part.condition = sub_part(part, member);
  } else if (key == "then") {
    part.consequence = sub_part(part, member);
  } else if (key == "else") {
    part.alternative = sub_part(part, member);
  } else {
    return false;
  }
  return true;
}

void SchemaReader::types(SchemaPart& part, Value value) {
  const auto add = [&](std::string_view name) {
    const std::uint8_t bit = type_bit(name);
    if (bit == 0) fail(value, fmt::format("'{}' is no type of JSON Schema", name));
    part.types |= bit;
  };
  if (value.is_string()) return add(*value.string());
  const std::vector<std::string> list = names(value, "type");
  for (const std::string& name : list) add(name);
  if (list.empty()) fail(value, "'type' names no type");
}

std::optional<PatternPart> SchemaReader::pattern(std::string_view text, Value place) {
  auto compiled = Pattern::compile(text);
  if (compiled) return PatternPart{std::string(text), std::move(*compiled)};
  fail(place, compiled.error().message);
  return std::nullopt;
}

void SchemaReader::dependencies(SchemaPart& part, const Member& member) {
  if (!member.value.is_object()) return fail(member.value, "'dependencies' must be an object");
  for (const Member& each : member.value.members()) {
    const std::string key(each.key);
    if (each.value.is_array()) {
      part.dependent_keys[key] = names(each.value, "dependencies");
    } else {
      part.dependent_parts[key] = this->part(each.value, part.base, part.pointer + "/dependencies" + pointer_step(key));
    }
  }
}

std::optional<PartId> SchemaReader::sub_part(const SchemaPart& part, const Member& member) {
  return this->part(member.value, part.base, part.pointer + pointer_step(member.key));
}

std::vector<PartId> SchemaReader::part_list(const SchemaPart& part, const Member& member) {
  std::vector<PartId> list;
  if (!member.value.is_array() || member.value.size() == 0) {
    fail(member.value, fmt::format("'{}' must be a list of schemas", member.key));
  }
  for (const Value each : member.value.elements()) {
    list.push_back(this->part(each, part.base, fmt::format("{}/{}/{}", part.pointer, member.key, list.size())));
  }
  return list;
}

std::vector<std::string> SchemaReader::names(Value list, std::string_view keyword) {
  std::vector<std::string> out;
  if (!list.is_array()) fail(list, fmt::format("'{}' must be a list of names", keyword));
  for (const Value each : list.elements()) {
    if (!each.is_string()) fail(each, fmt::format("'{}' must hold nothing but names", keyword));
    out.push_back(each.string().value_or(""));
  }
  return out;
}

void SchemaReader::fail(Value place, std::string_view message) {
  if (faults_.size() < kMaxSchemaFaults) faults_.push_back({place.line_column(), std::string(message)});
}

}  // namespace trueup::json
