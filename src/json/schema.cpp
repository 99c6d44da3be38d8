#include "json/schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "json/content.h"
#include "json/position.h"
#include "json/schema_checker.h"
#include "json/schema_reader.h"

namespace trueup::json {

std::string Violation::text() const {
  return fmt::format("{}: {} (line {}, column {})", to_text(path), message, position.line, position.column);
}

Result<Schema> Schema::compile(const Document& document) {
  auto compiled = std::make_shared<CompiledSchema>(document);
  RETURN_IF_ERROR(SchemaReader(*compiled).run());
  return Schema(std::move(compiled));
}

Result<Schema> Schema::compile(const Document& document, const Schema& beneath) {
  auto compiled = std::make_shared<CompiledSchema>(document);
  compiled->beneath = beneath.compiled_;
  RETURN_IF_ERROR(SchemaReader(*compiled).run());
  return Schema(std::move(compiled));
}

std::vector<SchemaFault> Schema::faults(const Document& document) {
  CompiledSchema compiled(document);
  SchemaReader reader(compiled);
  (void)reader.run();  // what it refuses is in the list
  return reader.faults();
}

Result<std::vector<Violation>> Schema::validate(Value instance) const {
  std::vector<Violation> found;
  SchemaChecker checker(*compiled_);
  checker.check(kRootPart, instance, &found);
  if (checker.error()) return *checker.error();
  const auto order = [](const Violation& each) {
    return std::tie(each.offset, each.path, each.schema_path, each.message);
  };
  std::sort(found.begin(), found.end(), [&](const Violation& a, const Violation& b) { return order(a) < order(b); });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  LineColumnCounter counter(instance.content()->bytes);
  for (Violation& each : found) each.position = counter.advance_to(each.offset);
  return found;
}

bool Schema::allows(Value instance) const {
  SchemaChecker checker(*compiled_);
  return checker.check(kRootPart, instance, nullptr) && !checker.error();
}

const std::vector<UnknownKeyword>& Schema::unknown_keywords() const { return compiled_->unknown; }

}  // namespace trueup::json
