// Observations for tests of the planner, said the way a person would: what each source knows about a plugin.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/observation.h"

namespace trueup::test {

class ObservationBuilder {
 public:
  ObservationBuilder() {
    using model::Source;
    const std::pair<Source, std::string_view> paths[] = {{Source::config, "config/config.json"},
                                                         {Source::secrets, "config/config_secrets.json"},
                                                         {Source::template_, "config/config.template.json"},
                                                         {Source::disk, "plugin-repos"},
                                                         {Source::state, "data/plugin_state.json"},
                                                         {Source::tombstones, "config/uninstalled_plugins.json"},
                                                         {Source::runtime, "the display"},
                                                         {Source::registry, "registry"},
                                                         {Source::ledger, ".trueup/ledger.db"}};
    for (const auto& [source, path] : paths) {
      seen.reading(source) = {.source = source, .verdict = model::Verdict::complete, .path = std::string(path)};
    }
    seen.reading(Source::runtime).verdict = model::Verdict::absent;
    seen.root = "/home/ledmatrix";
    seen.disk.path = "plugin-repos";
    seen.registry.present = true;
    seen.registry.origin = "registry";
    seen.ledger.installation_id = "0123456789abcdef";
  }

  ObservationBuilder& unreadable(model::Source source, std::string_view reason = "permission") {
    seen.reading(source).verdict = model::Verdict::unreadable;
    seen.reading(source).reason = reason;
    seen.reading(source).detail = "it could not be read";
    return *this;
  }

  // config.json
  ObservationBuilder& section(std::string_view key, bool enabled) {
    return add_section(key, "object", {enabled ? Kind::on : Kind::off, enabled ? "true" : "false"});
  }
  ObservationBuilder& section_without_enabled(std::string_view key) { return add_section(key, "object", {}); }
  ObservationBuilder& section_with(std::string_view key, std::string_view enabled_text) {
    return add_section(key, "object", {Kind::wrong_type, std::string(enabled_text)});
  }
  ObservationBuilder& section_of_type(std::string_view key, std::string_view type) {
    return add_section(key, type, {});
  }
  ObservationBuilder& secret(std::string_view key) {
    seen.config.secrets.push_back({.key = std::string(key), .type = "object"});
    return *this;
  }
  ObservationBuilder& secret_enabled(std::string_view key, bool enabled) {
    const std::string text = enabled ? "true" : "false";
    seen.config.secrets.push_back(
        {.key = std::string(key), .type = "object", .enabled = {enabled ? Kind::on : Kind::off, text}});
    seen.config.core_keys_in_secrets.push_back(
        {.section = std::string(key), .key = "enabled", .secrets_text = text, .config_text = ""});
    return *this;
  }

  // the plugins directory
  ObservationBuilder& installed(std::string_view id, std::string_view version = "1.0.0",
                                std::string_view directory = "") {
    seen.disk.directories.push_back({.name = std::string(directory.empty() ? id : directory),
                                     .manifest = model::ManifestVerdict::good,
                                     .manifest_is_object = true,
                                     .id = std::string(id),
                                     .version = std::string(version),
                                     .display_name = std::string(id)});
    return *this;
  }
  /// Of the plugin that was installed last.
  ObservationBuilder& modes(std::vector<std::string> display_modes) {
    seen.disk.directories.back().display_modes = std::move(display_modes);
    return *this;
  }
  /// The schema of the plugin that was installed last has something against its settings.
  ObservationBuilder& schema_forbids(std::string_view key, std::string_view message) {
    seen.settings.push_back({.directory = seen.disk.directories.back().name,
                             .objections = {{.path = {std::string(key)},
                                             .message = std::string(message),
                                             .schema_path = "/properties/" + std::string(key),
                                             .line = 4,
                                             .column = 13}},
                             .all = 1});
    return *this;
  }
  /// A key that the schema of the plugin that was installed last has no place for.
  ObservationBuilder& schema_lacks(std::string_view key) {
    schema_forbids(key, "is a key that is not known here");
    seen.settings.back().objections.back().schema_path = "/additionalProperties";
    return *this;
  }
  /// The plugin asks for a package that the display's Python has not.
  ObservationBuilder& lacks_package(std::string_view directory, bool marked, std::size_t odd_line = 0) {
    seen.python.interpreter = "/home/ledmatrix/venv/bin/python3";
    seen.python.missing.push_back(
        {.directory = std::string(directory),
         .file = "/home/ledmatrix/plugin-repos/" + std::string(directory) + "/requirements.txt",
         .missing = {"requests>=2.0.0"},
         .marked = marked,
         .odd_line = odd_line,
         .digest = "requirements"});
    return *this;
  }
  /// pip failed for it a moment ago.
  ObservationBuilder& pip_failed(std::string_view id) {
    seen.python.missing.back().waits = true;
    seen.ledger.attempts.push_back({.plugin_id = std::string(id),
                                    .source = std::string(model::kPipAttempt),
                                    .entry_digest = seen.python.missing.back().digest,
                                    .count = 1,
                                    .reason = "pip_failed",
                                    .detail = "pip failed with exit status 1"});
    return *this;
  }
  ObservationBuilder& schema_unusable(std::string_view problem) {
    seen.settings.push_back({.directory = seen.disk.directories.back().name, .problem = std::string(problem)});
    return *this;
  }
  ObservationBuilder& damaged(std::string_view directory) {
    seen.disk.directories.push_back({.name = std::string(directory),
                                     .manifest = model::ManifestVerdict::invalid,
                                     .manifest_problem = "its manifest.json is cut off at line 3"});
    return *this;
  }
  ObservationBuilder& receipt(std::string_view id, std::string_view version) {
    seen.disk.directories.back().receipt =
        model::ReceiptFacts{.plugin_id = std::string(id), .version = std::string(version), .origin = "registry"};
    return *this;
  }
  ObservationBuilder& aside(std::string_view owner, bool complete = true) {
    seen.disk.asides.push_back({.name = std::string(owner) + ".standalone-backup-preinstall",
                                .owner = std::string(owner),
                                .known_suffix = true,
                                .complete = complete,
                                .problem = complete ? "" : "its manager.py is not there",
                                .id = std::string(owner),
                                .version = "1.0.0"});
    return *this;
  }

  // plugin_state.json
  ObservationBuilder& recorded(std::string_view id, bool enabled, std::string_view version = "") {
    const std::string text = enabled ? "true" : "false";
    const std::string status = enabled ? "enabled" : "disabled";
    const std::string version_text = version.empty() ? "null" : "\"" + std::string(version) + "\"";
    seen.state.push_back({.key = std::string(id),
                          .text = "{\"plugin_id\": \"" + std::string(id) + "\", \"status\": \"" + status +
                                  "\", \"enabled\": " + text + ", \"version\": " + version_text + "}",
                          .enabled = enabled,
                          .enabled_text = text,
                          .status = status,
                          .version = std::string(version)});
    return *this;
  }
  ObservationBuilder& damaged_record(std::string_view id) {
    seen.state.push_back({.key = std::string(id),
                          .text = "7",
                          .problem = "it is a number",
                          .original = model::StateRecord::AsOriginal::dropped});
    return *this;
  }

  // the rest
  ObservationBuilder& removed(std::string_view id) {
    seen.tombstones.emplace_back(id);
    return *this;
  }
  ObservationBuilder& offered(std::string_view id, std::string_view directory = "",
                              std::string_view version = "1.0.0") {
    seen.registry.entries.push_back({.id = std::string(id),
                                     .directory = std::string(directory.empty() ? id : directory),
                                     .latest_version = std::string(version),
                                     .digest = "digest-" + std::string(id)});
    return *this;
  }
  /// The display tells what it runs; from now on a plugin that is not named does not run.
  ObservationBuilder& display_tells() {
    seen.reading(model::Source::runtime).verdict = model::Verdict::complete;
    return *this;
  }
  /// Requires: in the order of the ids.
  ObservationBuilder& runs(std::string_view id, std::string_view version = "") {
    seen.runtime.plugins.push_back(
        {.id = std::string(id), .loaded = true, .state = "enabled", .version = std::string(version)});
    return display_tells();
  }
  ObservationBuilder& fails(std::string_view id, std::string_view problem) {
    seen.runtime.plugins.push_back({.id = std::string(id), .state = "error", .problem = std::string(problem)});
    return display_tells();
  }
  ObservationBuilder& no_registry() {
    seen.registry.present = false;
    seen.reading(model::Source::registry).verdict = model::Verdict::absent;
    return *this;
  }

  model::Observation seen;

 private:
  using Kind = model::EnabledSetting::Kind;

  ObservationBuilder& add_section(std::string_view key, std::string_view type, model::EnabledSetting enabled) {
    seen.config.sections.push_back({.key = std::string(key), .type = std::string(type), .enabled = std::move(enabled)});
    return *this;
  }
};

}  // namespace trueup::test
