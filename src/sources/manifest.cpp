#include "sources/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/escape.h"
#include "base/limits.h"
#include "model/compatibility.h"
#include "model/plugin_id.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

constexpr std::array<std::string_view, 3> kFormerIdFields{"former_ids", "aliases", "renamed_from"};

bool names_former_ids(std::string_view key) {
  return std::find(kFormerIdFields.begin(), kFormerIdFields.end(), key) != kFormerIdFields.end();
}

/// Up to a limit: a hostile manifest must not make this slow.
void add_once(std::vector<std::string>& list, std::string text) {
  if (list.size() >= limits::kMaxManifestNames) return;
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void add_former_id(Manifest& manifest, json::Value value) {
  if (auto id = value.string(); id && model::PluginId::well_formed(*id)) {
    add_once(manifest.former_ids, std::move(*id));
  }
}

/// One id or a list of them, under whichever name the author gave it.
void add_former_ids(Manifest& manifest, json::Value value) {
  if (value.is_string()) add_former_id(manifest, value);
  for (const json::Value element : value.elements()) add_former_id(manifest, element);
}

/// Why the manifest gives no id that a plugin may have, or empty.
std::string id_problem(std::optional<json::Value> value, const std::string& id) {
  if (!value) return "it has no id";
  if (!value->is_string()) {
    return fmt::format("{}: its id is {}, not text", place_of(*value), json::describe(value->kind()));
  }
  const auto parsed = model::PluginId::parse(id);
  if (parsed) return "";
  return fmt::format("{}: its id \"{}\": {}", place_of(*value), escape_for_display(id), parsed.error().message);
}

/// The document when it is an object; `reading` says what is wrong otherwise.
std::optional<json::Document> open_manifest(std::string bytes, ManifestReading& reading) {
  auto document = parse_object(std::move(bytes));
  if (!document) {
    reading.problem = "its manifest.json cannot be read: " + document.error().message;
    return std::nullopt;
  }
  reading.is_object = true;
  return std::move(*document);
}

void read_facts(json::Value root, ManifestReading& reading) {
  Manifest& manifest = reading.manifest;
  std::optional<json::Value> id;
  for (const json::Member& member : root.members()) {
    if (member.key == "id") {
      id = member.value;
      manifest.id = member.value.string().value_or("");
    } else if (member.key == "version") {
      manifest.version = member.value.string().value_or("");
    } else if (member.key == "name") {
      manifest.name = member.value.string().value_or("");
    } else if (member.key == "display_modes") {
      for (const json::Value mode : member.value.elements()) {
        if (auto name = mode.string()) add_once(manifest.display_modes, std::move(*name));
      }
    } else if (names_former_ids(member.key)) {
      add_former_ids(manifest, member.value);
    }
  }
  std::erase(manifest.former_ids, manifest.id);
  const std::string problem = id_problem(id, manifest.id);
  reading.verdict = problem.empty() ? model::ManifestVerdict::good : model::ManifestVerdict::invalid;
  if (!problem.empty()) reading.problem = std::string(kInManifest) + problem;
}

/// Takes fields out of an object and notes every wrong type with its place. `null` is the same as not there.
class Fields {
 public:
  Fields(json::Value object, std::vector<FieldProblem>& problems) : object_(object), problems_(problems) {}

  std::string text(std::string_view field) {
    const auto value = of_kind(field, json::Kind::string);
    return value ? value->string().value_or("") : "";
  }

  std::vector<std::string> texts(std::string_view field) {
    std::vector<std::string> out;
    for (const json::Value element : elements(field)) {
      if (auto text = element.string()) {
        out.push_back(std::move(*text));
      } else {
        note(field, element, fmt::format("has {} in its list, not text", json::describe(element.kind())));
      }
    }
    return out;
  }

  std::vector<json::Value> objects(std::string_view field) {
    std::vector<json::Value> out;
    for (const json::Value element : elements(field)) {
      if (element.is_object()) {
        out.push_back(element);
      } else {
        note(field, element, fmt::format("has {} in its list, not an object", json::describe(element.kind())));
      }
    }
    return out;
  }

  std::optional<json::Value> of_kind(std::string_view field, json::Kind kind) {
    const auto value = object_.find(field);
    return value && is_of_kind(field, *value, kind) ? value : std::nullopt;
  }

  bool is_of_kind(std::string_view field, json::Value value, json::Kind kind) {
    if (value.is_null() || value.kind() == kind) return !value.is_null();
    note(field, value, fmt::format("is {}, not {}", json::describe(value.kind()), json::describe(kind)));
    return false;
  }

  void note(std::string_view field, json::Value value, std::string message) {
    if (problems_.size() >= limits::kMaxFieldProblems) return;
    const json::LineColumn place = value.line_column();
    problems_.push_back({std::string(field), place.line, place.column, std::move(message)});
  }

 private:
  json::ElementRange elements(std::string_view field) {
    const auto list = of_kind(field, json::Kind::array);
    // Elements of what is no list are none.
    return list ? list->elements() : object_.elements();
  }

  json::Value object_;
  std::vector<FieldProblem>& problems_;
};

/// Notes every floor of the wrong type, and what should hold one and cannot.
void note_floor_problems(Fields& fields, json::Value root) {
  for (const model::StatedFloor& floor : model::stated_floors_of_manifest(root)) {
    (void)fields.is_of_kind(floor.key, floor.value, json::Kind::string);
  }
  (void)fields.of_kind("requires", json::Kind::object);
  (void)fields.objects("versions");
}

void read_named_files(Fields& fields, Manifest& manifest) {
  manifest.named_files = {manifest.entry_point};
  for (const std::string_view field : {"config_schema", "requirements_file"}) {
    if (std::string file = fields.text(field); !file.empty()) add_once(manifest.named_files, std::move(file));
  }
  for (const json::Value action : fields.objects("web_ui_actions")) {
    if (std::string file = Fields(action, manifest.problems).text("script"); !file.empty()) {
      add_once(manifest.named_files, std::move(file));
    }
  }
}

void note_former_id_problems(Fields& fields, json::Value root) {
  for (const std::string_view field : kFormerIdFields) {
    const auto value = root.find(field);
    if (!value || value->is_null() || value->is_string()) continue;
    fields.texts(field);  // notes what is no list, and what in it is no text
  }
}

}  // namespace

ManifestReading decode_manifest_facts(std::string bytes) {
  ManifestReading reading;
  const auto document = open_manifest(std::move(bytes), reading);
  if (!document) return reading;
  read_facts(document->root(), reading);
  std::vector<FieldProblem> not_told;
  Fields fields(document->root(), not_told);
  reading.manifest.minimum_core = model::minimum_core_of_manifest(document->root());
  reading.manifest.compatible_versions = fields.texts("compatible_versions");
  return reading;
}

ManifestReading decode_manifest(std::string bytes) {
  ManifestReading reading;
  const auto document = open_manifest(std::move(bytes), reading);
  if (!document) return reading;
  read_facts(document->root(), reading);
  Manifest& manifest = reading.manifest;
  Fields fields(document->root(), manifest.problems);
  fields.text("name");  // for its problem: the values are there already
  fields.text("version");
  manifest.class_name = fields.text("class_name");
  if (std::string entry = fields.text("entry_point"); !entry.empty()) manifest.entry_point = std::move(entry);
  fields.texts("display_modes");
  manifest.compatible_versions = fields.texts("compatible_versions");
  manifest.minimum_core = model::minimum_core_of_manifest(document->root());
  note_floor_problems(fields, document->root());
  read_named_files(fields, manifest);
  note_former_id_problems(fields, document->root());
  return reading;
}

}  // namespace trueup::sources
