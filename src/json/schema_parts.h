// A schema read into parts that can be checked quickly: one part for each place where a schema stands. Private to
// src/json.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "json/decimal.h"
#include "json/pattern.h"
#include "json/schema.h"

namespace trueup::json {

using PartId = std::uint32_t;

enum TypeBit : std::uint8_t {
  kNullType = 1U,
  kBooleanType = 2U,
  kIntegerType = 4U,
  kNumberType = 8U,
  kStringType = 16U,
  kArrayType = 32U,
  kObjectType = 64U,
};

struct PatternPart {
  std::string text;
  Pattern pattern;
  PartId part = 0;  // where the pattern stands for properties
};

struct SchemaPart {
  explicit SchemaPart(Value where) : place(where) {}

  Value place;                              // in the schema's document
  std::string base;                         // the URI that references here start from
  std::string pointer;                      // to `place`
  std::optional<bool> verdict;              // of a schema that is just true or false
  std::optional<PartId> reference;          // $ref: nothing else here counts
  std::optional<PartId> reference_beneath;  // the same, to a part of the schema beneath
  bool secret = false;

  std::uint8_t types = 0;                        // of TypeBit; 0: any
  std::optional<std::set<std::string>> allowed;  // enum, as canonical_by_value
  std::optional<std::string> constant;
  std::optional<Decimal> multiple_of, maximum, exclusive_maximum, minimum, exclusive_minimum;
  std::optional<std::size_t> max_length, min_length, max_items, min_items, max_properties, min_properties;
  std::optional<PatternPart> pattern;

  std::optional<PartId> items;    // for all
  std::vector<PartId> item_list;  // one for each of the first elements
  bool has_item_list = false;
  std::optional<PartId> additional_items, contains;
  bool unique_items = false;

  std::vector<std::string> required;
  std::map<std::string, PartId, std::less<>> properties;
  std::vector<PatternPart> pattern_properties;
  std::optional<PartId> additional_properties, property_names;
  std::map<std::string, std::vector<std::string>, std::less<>> dependent_keys;
  std::map<std::string, PartId, std::less<>> dependent_parts;

  std::vector<PartId> all_of, any_of, one_of;
  std::optional<PartId> negated, condition, consequence, alternative;
};

struct CompiledSchema {
  explicit CompiledSchema(Document read) : document(std::move(read)) {}

  Document document;
  std::deque<SchemaPart> parts;  // the root is the first
  std::vector<UnknownKeyword> unknown;
  bool has_secrets = false;                       // in any part
  std::shared_ptr<const CompiledSchema> beneath;  // or none

  /// What the schema beneath says of the member `key` of a whole instance.
  [[nodiscard]] std::optional<PartId> part_beneath(std::string_view key) const;
};

inline constexpr PartId kRootPart = 0;

}  // namespace trueup::json
