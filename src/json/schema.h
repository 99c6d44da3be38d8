// JSON Schema (draft-07) for the settings of plugins, and what else their schemas say: defaults and secrets.
//
// Schemas are untrusted. A bad one is an error in plain words, a hostile one ends at a limit; nothing is fetched: a
// $ref leads to a place in the same file or is refused. `format` is no assertion, as in Python's jsonschema.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "json/edit.h"

namespace trueup::json {

struct CompiledSchema;

/// One thing in an instance that the schema does not allow. It never repeats a value of the instance: that may be
/// secret.
struct Violation {
  Path path;                // to the value, or to the missing key
  std::string keyword;      // "type", "required", ...
  std::string message;      // goes on from the path: "must be at most 255"
  std::string schema_path;  // where the schema says so: "/properties/brightness/maximum"
  std::size_t offset = 0;   // in the instance's text
  LineColumn position;

  bool operator==(const Violation&) const = default;

  /// "brightness: must be at most 255 (line 3, column 20)"
  [[nodiscard]] std::string text() const;
};

/// A word in a schema that nothing here knows, and so cannot check.
struct UnknownKeyword {
  std::string keyword;
  LineColumn position;

  bool operator==(const UnknownKeyword&) const = default;
};

inline constexpr std::size_t kMaxSchemaFaults = 50;  // told of one schema; nobody reads more

/// What makes a text no schema.
struct SchemaFault {
  LineColumn position;
  std::string message;

  bool operator==(const SchemaFault&) const = default;
};

/// One step of a path to secrets.
struct SecretStep {
  enum class Kind : std::uint8_t { key, any_key, any_element };
  Kind kind = Kind::key;
  std::string key;  // where the kind is key

  bool operator==(const SecretStep&) const = default;
};
using SecretPath = std::vector<SecretStep>;

/// "accounts[].token"; any key is "*".
std::string to_text(const SecretPath& path);

class Schema {
 public:
  /// Error: invalid, "line 4, column 13: ..." in the schema.
  static Result<Schema> compile(const Document& document);
  /// The same as if the `properties` of this schema also held those at the root of `beneath` that it does not name
  /// itself, for validate(), allows() and what a $ref leads to; none of them is required or secret. Of `beneath`
  /// nothing else counts.
  static Result<Schema> compile(const Document& document, const Schema& beneath);
  /// All that compile refuses it for, for its author; at most kMaxSchemaFaults. Empty: it compiles.
  static std::vector<SchemaFault> faults(const Document& document);

  /// Every violation, by their place in the instance and then in the schema; at most limits::kMaxSchemaViolations.
  /// Error: refused, when checking would take more work than any honest schema needs.
  [[nodiscard]] Result<std::vector<Violation>> validate(Value instance) const;
  /// Whether validate() finds nothing, told with less work; no when checking would take too much.
  [[nodiscard]] bool allows(Value instance) const;

  /// Names that start with "x-" or "x_" are hints for a page and not listed.
  [[nodiscard]] const std::vector<UnknownKeyword>& unknown_keywords() const;

  /// The defaults of all properties as one JSON object on one line, by LEDMatrix's rules (formats.md 6.3): a property
  /// without any is left out, a list without one is empty.
  [[nodiscard]] std::string defaults() const;

  /// What `x-secret` marks, wherever it stands: properties, lists and their elements, whole objects, behind $ref and in
  /// every alternative. Sorted. What lies below a listed path is secret as well. A pattern for keys is listed as any
  /// key: whether one setting is secret, ask is_secret().
  [[nodiscard]] std::vector<SecretPath> secret_paths() const;
  /// Whether it marks anything at all.
  [[nodiscard]] bool has_secrets() const;
  /// Whether the value at `path` is secret or lies in something that is.
  [[nodiscard]] bool is_secret(const Path& path) const;

 private:
  explicit Schema(std::shared_ptr<const CompiledSchema> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const CompiledSchema> compiled_;
};

}  // namespace trueup::json
