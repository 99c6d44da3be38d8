// Walks an instance and a schema together. Private to src/json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/schema_parts.h"

namespace trueup::json {

/// Bounded in depth and in steps, whatever schema and instance are; past the bounds everything counts as allowed and
/// `error()` says why.
class SchemaChecker {
 public:
  explicit SchemaChecker(const CompiledSchema& schema) : schema_(&schema) {}

  /// Whether `instance` is allowed. Violations go to `found`; without it, the first one decides.
  bool check(PartId id, Value instance, std::vector<Violation>* found);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  /// One part and one value, and where what is wrong goes.
  struct Pass {  // NOLINT(*-member-init): a Value has no default
    PartId id = kRootPart;
    const SchemaPart& part;
    Value value;
    std::vector<Violation>* found;
    bool allowed = true;
  };

  bool check_part(PartId id, Value instance, std::vector<Violation>* found);
  bool check_beneath(PartId id, Value instance, std::vector<Violation>* found);
  void check_kind(Pass& pass);
  void check_number(Pass& pass);
  void check_string(Pass& pass);
  void check_array(Pass& pass);
  void check_elements(Pass& pass);
  void check_unique(Pass& pass);
  void check_object(Pass& pass);
  void check_members(Pass& pass);
  void check_member(Pass& pass, const Member& member);
  bool check_property(Pass& pass, const Member& member);
  void check_dependencies(Pass& pass, const std::vector<Member>& members);
  void check_combinations(Pass& pass);
  void check_any_of(Pass& pass);
  void check_one_of(Pass& pass);

  [[nodiscard]] bool done(const Pass& pass) const { return error_ || (!pass.allowed && pass.found == nullptr); }
  void require(Pass& pass, std::optional<PartId> id, Value value);
  void violation(Pass& pass, std::string_view keyword, std::string message);
  void violation_at(Pass& pass, std::string_view keyword, std::string message, const std::string& key,
                    std::size_t offset);
  bool matches(const PatternPart& pattern, std::string_view text);
  void spend(std::size_t steps);
  void refuse(std::string_view message);

  const CompiledSchema* schema_;  // the one that is being gone through
  Path path_;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
  std::optional<Error> error_;
};

/// "Text" of the schema for a message, cut when it is long.
std::string shortened(std::string_view text);

}  // namespace trueup::json
