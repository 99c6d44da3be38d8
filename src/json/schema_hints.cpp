// What a schema says besides what is allowed: defaults, and which settings are secret.
#include <algorithm>
#include <set>
#include <tuple>

#include "json/schema_parts.h"
#include "json/write.h"

namespace trueup::json {
namespace {

constexpr std::size_t kMaxSecretPaths = 1'000;
constexpr std::size_t kMaxSteps = 100'000;

/// LEDMatrix's rules for defaults, read from the schema's text. Recursion is bounded by the depth the parser accepts.
class Defaults {
 public:
  /// The members of an object, without its braces' blanks; empty when nothing has a default.
  static std::string object(Value properties) {
    std::string out;
    for (const Member& member : properties.members()) {
      const auto value = value_of(member.value);
      if (!value) continue;
      if (!out.empty()) out += ", ";
      out += quote(member.key) + ": " + *value;
    }
    return out;
  }

 private:
  static std::optional<std::string> value_of(Value schema) {
    if (const auto given = schema.find("default")) return laid_out(*given);
    const auto type = schema.find("type");
    const std::string name = type ? type->string().value_or("") : "";
    if (name == "object") {
      const auto properties = schema.find("properties");
      const std::string inside = properties ? object(*properties) : "";
      if (inside.empty()) return std::nullopt;
      return "{" + inside + "}";
    }
    if (name != "array") return std::nullopt;
    const auto items = schema.find("items");
    if (!items || !items->is_object()) return "[]";
    const auto item_type = items->find("type");
    const bool objects = item_type && item_type->string() == "object" && items->find("properties");
    const auto item_default = items->find("default");
    if (objects || !item_default) return "[]";
    return "[" + laid_out(*item_default) + "]";
  }

  static std::string laid_out(Value value) {
    Writer out;
    out.value(value);
    return std::move(out).text();
  }
};

/// Every way from a part to the parts inside it, with the step of the instance that it takes (or none).
template <typename Visit>
void for_each_way(const SchemaPart& part, Visit&& visit) {
  using Kind = SecretStep::Kind;
  const auto way = [&](std::optional<PartId> id, const std::optional<SecretStep>& step) {
    if (id) visit(*id, step);
  };
  way(part.reference, std::nullopt);
  for (const auto& [key, id] : part.properties) way(id, SecretStep{Kind::key, key});
  for (const PatternPart& pattern : part.pattern_properties) way(pattern.part, SecretStep{Kind::any_key, {}});
  way(part.additional_properties, SecretStep{Kind::any_key, {}});
  way(part.items, SecretStep{Kind::any_element, {}});
  for (const PartId id : part.item_list) way(id, SecretStep{Kind::any_element, {}});
  way(part.additional_items, SecretStep{Kind::any_element, {}});
  for (const auto* list : {&part.all_of, &part.any_of, &part.one_of}) {
    for (const PartId id : *list) way(id, std::nullopt);
  }
  for (const auto& [key, id] : part.dependent_parts) way(id, std::nullopt);
  for (const auto id : {part.condition, part.consequence, part.alternative}) way(id, std::nullopt);
}

class SecretFinder {
 public:
  explicit SecretFinder(const CompiledSchema& schema) : schema_(schema) {}

  std::vector<SecretPath> run() {
    visit(kRootPart);
    std::sort(found_.begin(), found_.end(), [](const SecretPath& a, const SecretPath& b) {
      return std::lexicographical_compare(
          a.begin(), a.end(), b.begin(), b.end(),
          [](const SecretStep& x, const SecretStep& y) { return std::tie(x.kind, x.key) < std::tie(y.kind, y.key); });
    });
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  /// A part that contains itself is entered once on each way: below it the same paths would only repeat.
  void visit(PartId id) {
    const SchemaPart& part = schema_.parts[id];
    if (found_.size() >= kMaxSecretPaths || ++steps_ > kMaxSteps || way_.size() >= limits::kMaxSchemaDepth) return;
    if (part.secret) {
      found_.push_back(path_);
      return;
    }
    if (!way_.insert(id).second) return;
    for_each_way(part, [&](PartId inner, const std::optional<SecretStep>& step) {
      if (step) path_.push_back(*step);
      visit(inner);
      if (step) path_.pop_back();
    });
    way_.erase(id);
  }

  const CompiledSchema& schema_;
  std::vector<SecretPath> found_;
  SecretPath path_;
  std::set<PartId> way_;
  std::size_t steps_ = 0;
};

/// The parts inside `part` that speak about its member or element `key`; one that is `known` beneath is no other name.
void add_inner(const SchemaPart& part, const std::string& key, bool known, std::set<PartId>& inner) {
  const auto add = [&](std::optional<PartId> id) {
    if (id) inner.insert(*id);
  };
  bool named = known;
  if (const auto property = part.properties.find(key); property != part.properties.end()) {
    named = true;
    add(property->second);
  }
  for (const PatternPart& pattern : part.pattern_properties) {
    if (pattern.pattern.search(key, false) == Match::no) continue;
    named = true;
    add(pattern.part);
  }
  if (!named) add(part.additional_properties);
  if (key.find_first_not_of("0123456789") != std::string::npos && key != "-") return;
  add(part.items);
  for (const PartId id : part.item_list) add(id);
  add(part.additional_items);
}

/// All parts that speak about the same value as those in `parts`.
std::set<PartId> with_alternatives(const CompiledSchema& schema, std::set<PartId> parts) {
  std::vector<PartId> unseen(parts.begin(), parts.end());
  while (!unseen.empty()) {
    const PartId id = unseen.back();
    unseen.pop_back();
    for_each_way(schema.parts[id], [&](PartId inner, const std::optional<SecretStep>& step) {
      if (!step && parts.insert(inner).second) unseen.push_back(inner);
    });
  }
  return parts;
}

}  // namespace

std::string to_text(const SecretPath& path) {
  std::string out;
  for (const SecretStep& step : path) {
    if (step.kind == SecretStep::Kind::any_element) {
      out += "[]";
      continue;
    }
    if (!out.empty()) out += '.';
    out += step.kind == SecretStep::Kind::any_key ? "*" : step.key;
  }
  return out;
}

std::string Schema::defaults() const {
  const auto properties = compiled_->document.root().find("properties");
  return "{" + (properties ? Defaults::object(*properties) : "") + "}";
}

std::vector<SecretPath> Schema::secret_paths() const { return SecretFinder(*compiled_).run(); }

bool Schema::has_secrets() const { return compiled_->has_secrets; }

bool Schema::is_secret(const Path& path) const {
  if (!has_secrets()) return false;
  std::set<PartId> parts = with_alternatives(*compiled_, {kRootPart});
  const auto secret = [this](PartId id) { return compiled_->parts[id].secret; };
  for (const std::string& key : path) {
    if (std::any_of(parts.begin(), parts.end(), secret)) return true;
    std::set<PartId> inner;
    for (const PartId id : parts) {
      const bool known = id == kRootPart && compiled_->part_beneath(key).has_value();
      add_inner(compiled_->parts[id], key, known, inner);
    }
    parts = with_alternatives(*compiled_, std::move(inner));
  }
  return std::any_of(parts.begin(), parts.end(), secret);
}

}  // namespace trueup::json
