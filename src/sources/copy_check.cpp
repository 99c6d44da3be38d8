#include "sources/copy_check.h"

#include <fmt/format.h>

#include <string_view>

#include "json/write.h"
#include "model/plugin_id.h"
#include "model/plugin_schema.h"
#include "model/setting_key.h"
#include "model/settings.h"

namespace trueup::sources {
namespace {

using json::Value;
using model::DocumentName;

constexpr std::size_t kLongText = 8;  // a shorter one may stand elsewhere by chance

/// Text and numbers, as Python sees them, with what says the same written the same.
std::optional<std::string> telling(Value value) {
  if (value.is_number()) return std::string(value.text());
  if (!value.is_string()) return std::nullopt;
  model::Setting setting;
  setting.kind = json::Kind::string;
  setting.text = json::quote(value.string().value_or(""));
  if (model::is_placeholder(setting)) return std::nullopt;
  return setting.text;
}

/// Calls `visit` for every member or element with the path that leads there.
template <typename Visit>
void each_inside(Value value, std::vector<std::string>& path, Visit&& visit) {
  std::size_t number = 0;
  for (const json::Member& member : value.members()) {
    path.emplace_back(member.key);
    visit(member.value);
    path.pop_back();
  }
  for (const Value element : value.elements()) {
    path.push_back(std::to_string(number++));
    visit(element);
    path.pop_back();
  }
}

std::string_view file_name(DocumentName document) {
  const std::string_view path = model::relative_path(document);
  return path.substr(path.rfind('/') + 1);
}

/// "3-taken-back-config.json.2", "config.json.backup.20260101_000000" and "config.template.json" are all config's.
bool is_named_after(std::string_view path, DocumentName document) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  const auto number = name.find_first_not_of("0123456789");
  if (number != 0 && number != std::string_view::npos && name[number] == '-') name.remove_prefix(number + 1);
  constexpr std::string_view kTakenBack = "taken-back-";
  if (name.starts_with(kTakenBack)) name.remove_prefix(kTakenBack.size());
  const std::string_view file = file_name(document);
  const std::string_view stem = file.substr(0, file.rfind('.'));
  return name == stem || (name.starts_with(stem) && name[stem.size()] == '.');
}

bool is_object_at(Value object, std::string_view key) {
  const auto member = object.find(key);
  return member && member->is_object();
}

bool has_shape_of(DocumentName document, Value root) {
  switch (document) {
    case DocumentName::config: return is_object_at(root, "display") && is_object_at(root, "plugin_system");
    case DocumentName::state: return is_object_at(root, "states") && root.find("version").has_value();
    case DocumentName::secrets:
    case DocumentName::tombstones:
    case DocumentName::saved_repositories: return false;  // nothing in them tells them apart
  }
  return false;
}

/// Nothing that a document of this kind could say is in it.
bool says_nothing_of(DocumentName document, Value root) {
  if (document == DocumentName::state) return root.size() != 0 && !is_object_at(root, "states");
  if (document != DocumentName::tombstones) return false;
  for (const Value element : root.elements()) {
    if (!element.is_string()) return true;
  }
  return false;
}

}  // namespace

SecretValues::SecretValues(Value secrets) {
  Path path;
  add(secrets, path);
}

void SecretValues::add(Value value, Path& path) {
  each_inside(value, path, [&](Value inside) { add(inside, path); });
  auto text = telling(value);
  if (!text) return;
  // A setting of LEDMatrix's own that stands in the wrong file is no secret by that.
  const bool is_ledmatrix_s =
      (!path.empty() && model::is_reserved(path[0])) || (path.size() > 1 && model::is_core_key(path[1]));
  if (is_ledmatrix_s && !model::looks_secret(path)) return;
  if (value.is_string() && value.string()->size() >= kLongText) long_texts_.insert(*text);
  at_.emplace(path, std::move(*text));
}

bool SecretValues::look(Value value, Path& path) const {
  const auto text = telling(value);
  if (text) {
    const auto same_place = at_.find(path);
    return (same_place != at_.end() && same_place->second == *text) || long_texts_.contains(*text);
  }
  bool found = false;
  Path where;
  each_inside(value, path, [&](Value inside) {
    if (found || !look(inside, path)) return;
    found = true;
    where = path;
  });
  if (found) path = std::move(where);
  return found;
}

std::optional<std::string> SecretValues::found_in(Value document) const {
  if (at_.empty()) return std::nullopt;
  Path path;
  if (!look(document, path)) return std::nullopt;
  return model::setting_key_text(path);
}

std::optional<std::string> why_no_copy(DocumentName document, const std::string& path, Value root,
                                       const SecretValues& secrets) {
  for (const DocumentName other : model::kAllDocuments) {
    if (other == document) continue;
    if (is_named_after(path, other)) return fmt::format("belongs to {} by its name", model::relative_path(other));
    if (has_shape_of(other, root)) return fmt::format("has the shape of {}", model::relative_path(other));
  }
  if (says_nothing_of(document, root)) return fmt::format("has not the shape of {}", model::relative_path(document));
  if (document == DocumentName::secrets) return std::nullopt;
  if (const auto place = secrets.found_in(root)) {
    return fmt::format("holds at {} a value that the secrets file keeps secret, and everybody may read {}", *place,
                       model::relative_path(document));
  }
  return std::nullopt;
}

}  // namespace trueup::sources
