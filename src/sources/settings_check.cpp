#include "sources/settings_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "json/edit.h"
#include "model/plugin_schema.h"
#include "sources/documents.h"
#include "sources/schema_file.h"

namespace trueup::sources {
namespace {

using model::Setting;
using model::SettingOrigin;
using model::SettingsVerdict;
using model::Source;

/// What the two files say about one plugin, at least config.json.
struct Parts {  // NOLINT(*-member-init): a Value has no default
  json::Value config;
  std::optional<json::Value> secrets;

  [[nodiscard]] std::string_view secrets_text() const { return secrets ? secrets->text() : std::string_view(); }
};

/// Whatever a verdict rests on. File times only say "certainly unchanged"; a difference is checked, not believed.
std::string fingerprint_of(const model::PluginDirectory& directory, const platform::FileInfo& schema,
                           const Parts& parts) {
  constexpr std::size_t kNumbersTake = 128;
  const std::string_view config = parts.config.text();
  const std::string_view secrets = parts.secrets_text();
  std::string basis;
  basis.reserve(directory.name.size() + config.size() + secrets.size() + kNumbersTake);
  basis += directory.name;
  char separator = '\n';
  const auto add = [&](auto number) { (basis += std::exchange(separator, ' ')) += fmt::format_int(number).c_str(); };
  add(schema.inode);
  add(schema.size);
  add(schema.modified_ns);
  add(schema.changed_ns);
  add(config.size());
  basis.append("\n").append(config).append("\n").append(secrets).append("\n");
  return fingerprint_hex(basis += std::to_string(limits::kSettingsCheckVersion));
}

/// A place of an objection that is not yet line and column.
struct OpenPlace {
  Source source = Source::config;
  std::size_t offset = 0;
  std::size_t verdict = 0;
  std::size_t objection = 0;
};

Setting merged(const Parts& parts) {
  Setting out = model::setting_of(parts.config, SettingOrigin::config);
  if (parts.secrets) model::merge_secrets(out, model::setting_of(*parts.secrets, SettingOrigin::secrets));
  return out;
}

/// Where the value stands that counts, or the object in which it is missing. `merged`: the two files as one.
OpenPlace place_of(const Parts& parts, const Setting& merged, json::Path path) {
  const Setting* counts = model::find(merged, path);
  const bool of_secrets = counts != nullptr && counts->origin == SettingOrigin::secrets;
  if (parts.secrets && (of_secrets || !json::find(parts.config, path))) {
    if (const auto value = json::find(*parts.secrets, path)) {
      return {.source = Source::secrets, .offset = value->begin()};
    }
  }
  while (!path.empty()) {
    if (const auto value = json::find(parts.config, path)) return {.source = Source::config, .offset = value->begin()};
    path.pop_back();
  }
  return {.source = Source::config, .offset = parts.config.begin()};
}

/// What a hold on an objection rests on. It goes into reports: of what may be secret it says the type and nothing else.
std::string value_key_of(const Setting* value, bool secret) {
  if (value == nullptr) return {};
  const std::string type(type_name(value->kind));
  if (value->is_container()) return fmt::format("{} {}", type, value->members.size() + value->elements.size());
  return secret ? type : fmt::format("{} {}", type, fingerprint_hex(value->text));
}

class Checker {
 public:
  Checker(const platform::Directory& plugins, const Sections& config, const Sections& secrets, SettingsCheck check,
          model::Observation& observation)
      : plugins_(plugins), config_(config), secrets_(secrets), check_(check), observation_(observation) {}

  void run() {
    for (const model::PluginDirectory& directory : observation_.disk.directories) {
      if (directory.manifest == model::ManifestVerdict::good) look_at(directory);
    }
    std::sort(observation_.valid_settings.begin(), observation_.valid_settings.end());
    settle_places();
  }

 private:
  void look_at(const model::PluginDirectory& directory) {
    const auto config = config_.find(directory.id);
    if (!config || !config->is_object()) return;  // nothing to check, or another finding
    const Parts parts{.config = *config, .secrets = secrets_.find(directory.id)};
    if (looking_pays() && is_as_before(directory, parts)) return;
    auto file = read_schema_file(plugins_, directory);
    if (!file) return unchecked(directory, file.error());
    if (!*file) return;  // it has none
    std::string fingerprint = fingerprint_of(directory, (*file)->info, parts);
    const auto schema = model::PluginSchema::read(std::move((*file)->bytes));
    if (!schema) return unchecked(directory, schema.error());
    check(directory, *schema, parts, std::move(fingerprint));
  }

  /// One look instead of reading; where few are known it would be one more for most.
  [[nodiscard]] bool looking_pays() const {
    const std::size_t known = check_ == SettingsCheck::all ? 0 : observation_.ledger.valid_settings.size();
    return known > 0 && known * 4 >= observation_.disk.directories.size();
  }

  /// There is no schema, or all was found right before.
  bool is_as_before(const model::PluginDirectory& directory, const Parts& parts) {
    const auto info =
        plugins_.info(fmt::format("{}/{}", directory.name, model::kPluginSchemaName), platform::Links::follow);
    if (!info) return info.error().code == ErrorCode::not_found;
    std::string fingerprint = fingerprint_of(directory, *info, parts);
    const auto& known = observation_.ledger.valid_settings;
    if (!std::binary_search(known.begin(), known.end(), fingerprint)) return false;
    observation_.valid_settings.push_back(std::move(fingerprint));
    return true;
  }

  void check(const model::PluginDirectory& directory, const model::PluginSchema& schema, const Parts& parts,
             std::string fingerprint) {
    if (!parts.secrets && schema.accepts(parts.config)) {
      observation_.valid_settings.push_back(std::move(fingerprint));
      return;
    }
    const Setting settings = merged(parts);
    auto problems = schema.check(settings);
    if (!problems) return unchecked(directory, problems.error());
    // A choice that is neither true nor false is a finding of its own.
    std::erase_if(*problems,
                  [](const model::SettingProblem& one) { return one.path == model::SettingPath{"enabled"}; });
    if (problems->empty()) {
      observation_.valid_settings.push_back(std::move(fingerprint));
      return;
    }
    SettingsVerdict verdict{.directory = directory.name, .problem = {}, .objections = {}, .all = problems->size()};
    for (model::SettingProblem& one : *problems) {
      if (verdict.objections.size() == limits::kMaxSettingProblems) break;
      OpenPlace place = place_of(parts, settings, one.path);
      place.verdict = observation_.settings.size();
      place.objection = verdict.objections.size();
      places_.push_back(place);
      const bool secret =
          place.source == Source::secrets || schema.is_secret(one.path) || model::may_be_secret(one.path);
      std::string value_key = value_key_of(model::find(settings, one.path), secret);
      const bool has_default = model::find(schema.defaults(), one.path) != nullptr;
      verdict.objections.push_back({.path = std::move(one.path),
                                    .message = std::move(one.message),
                                    .schema_path = std::move(one.schema_path),
                                    .value_key = std::move(value_key),
                                    .has_default = has_default,
                                    .source = place.source});
    }
    observation_.settings.push_back(std::move(verdict));
  }

  void unchecked(const model::PluginDirectory& directory, const Error& error) {
    observation_.settings.push_back(
        {.directory = directory.name, .problem = error.message, .objections = {}, .all = 0});
  }

  /// Line and column of all places, in one walk over each file.
  void settle_places() {
    std::sort(places_.begin(), places_.end(), [](const OpenPlace& a, const OpenPlace& b) {
      return std::pair(a.source, a.offset) < std::pair(b.source, b.offset);
    });
    json::LineColumn at;
    std::size_t offset = 0;
    Source source = Source::config;
    for (const OpenPlace& place : places_) {
      if (place.source != source) {
        source = place.source;
        offset = 0;
        at = {};
      }
      const std::string_view bytes = source == Source::secrets ? secrets_.bytes() : config_.bytes();
      const json::LineColumn further = json::line_column(bytes.substr(offset), place.offset - offset);
      at = {.line = at.line + further.line - 1,
            .column = further.line == 1 ? at.column + further.column - 1 : further.column};
      offset = place.offset;
      auto& objection = observation_.settings[place.verdict].objections[place.objection];
      objection.line = at.line;
      objection.column = at.column;
    }
  }

  const platform::Directory& plugins_;
  const Sections& config_;
  const Sections& secrets_;
  SettingsCheck check_;
  model::Observation& observation_;
  std::vector<OpenPlace> places_;
};

}  // namespace

Sections::Sections(const std::optional<json::Document>& document) : document_(document) {
  if (!document_) return;
  by_name_.reserve(document_->root().size());
  for (const json::Member& member : document_->root().members()) by_name_.emplace(member.key, member.value);
}

std::optional<json::Value> Sections::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Sections::bytes() const { return document_ ? document_->bytes() : std::string_view(); }

void check_settings(const platform::Directory& plugins, const Sections& config, const Sections& secrets,
                    SettingsCheck check, model::Observation& observation) {
  if (check == SettingsCheck::skip) return;
  Checker(plugins, config, secrets, check, observation).run();
}

}  // namespace trueup::sources
