// Reads a schema document into parts and settles every reference. Private to src/json.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/schema_parts.h"

namespace trueup::json {

/// `reference` as it reads from `base` (RFC 3986, without normalising "." and "..").
std::string resolve_uri(std::string_view base, std::string_view reference);

class SchemaReader {
 public:
  explicit SchemaReader(CompiledSchema& out) : out_(out) {}

  /// The first fault, as an error.
  Status run();
  /// What is wrong with the schema, in the order in which it was found; at most kMaxSchemaFaults.
  [[nodiscard]] const std::vector<SchemaFault>& faults() const { return faults_; }

 private:
  struct Reference {
    PartId from;
    std::string target;  // a whole URI, or "#..." without a base
    Value place;
  };

  PartId part(Value place, const std::string& base, const std::string& pointer);
  void fill(PartId id);
  void register_id(SchemaPart& part, Value id);
  void keyword(SchemaPart& part, const Member& member);
  bool simple_keyword(SchemaPart& part, const Member& member);
  bool count_keyword(SchemaPart& part, const Member& member);
  bool list_keyword(SchemaPart& part, const Member& member);
  bool object_keyword(SchemaPart& part, const Member& member);
  bool combining_keyword(SchemaPart& part, const Member& member);

  void types(SchemaPart& part, Value value);
  std::optional<PatternPart> pattern(std::string_view text, Value place);
  void dependencies(SchemaPart& part, const Member& member);
  std::optional<PartId> sub_part(const SchemaPart& part, const Member& member);
  std::vector<PartId> part_list(const SchemaPart& part, const Member& member);
  std::vector<std::string> names(Value list, std::string_view keyword);

  void settle(const Reference& reference);
  std::optional<Value> target_of(const Reference& reference, std::string& base);
  bool leads_beneath(PartId from, std::string_view pointer);
  void fail(Value place, std::string_view message);

  CompiledSchema& out_;
  std::unordered_map<std::uint32_t, PartId> known_;  // by the node of the document
  std::vector<PartId> unread_;
  std::vector<Reference> references_;
  std::map<std::string, Value, std::less<>> resources_;  // by their $id, made absolute
  std::vector<SchemaFault> faults_;
  bool too_large_ = false;
};

}  // namespace trueup::json
