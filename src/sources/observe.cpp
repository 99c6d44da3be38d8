#include "sources/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "model/settings.h"
#include "sources/config_source.h"
#include "sources/core_version.h"
#include "sources/damaged_text.h"
#include "sources/disk_source.h"
#include "sources/documents.h"
#include "sources/host_process.h"
#include "sources/last_good.h"
#include "sources/read_file.h"
#include "sources/runtime_source.h"
#include "sources/schema_secrets.h"
#include "sources/secret_texts.h"
#include "sources/state_source.h"
#include "sources/tombstone_source.h"

namespace trueup::sources {
namespace {

using model::Observation;
using model::Source;
using model::Verdict;

constexpr std::string_view kBundled[] = {"march-madness", "starlark-apps", "web-ui-info"};

/// A JSON file and what could be made of it.
struct ReadDocument {
  FileReading file;
  std::optional<json::Document> document;
};

ReadDocument read_object(const ObserveInputs& inputs, Source source, std::string path) {
  ReadDocument result;
  result.file = read_file(*inputs.root, {.source = source, .path = std::move(path), .limit = limits::kMaxConfigBytes},
                          *inputs.clock, [&result](std::string& bytes) -> Status {
                            ASSIGN_OR_RETURN(result.document, take_object(bytes));
                            return ok();
                          });
  if (result.file.reading.verdict != Verdict::complete) result.document.reset();
  return result;
}

/// A copy can help where the bytes are gone or spoiled, not where they may not be read.
bool copy_would_help(const model::SourceReading& reading) {
  return reading.verdict == Verdict::unreadable && reading.reason != "permission" && reading.reason != "link";
}

/// A config.json that is not there is nothing to worry about on a new installation only (failure F65). Anywhere else
/// what it said is unknown, which is not that it said nothing.
void look_for_loss(const ObserveInputs& inputs, const Observation& observation, model::SourceReading& config) {
  if (config.verdict != Verdict::absent) return;
  std::string remains;
  const auto add = [&remains](bool there, std::string_view what) {
    if (there) remains += fmt::format("{}{}", remains.empty() ? "" : ", ", what);
  };
  add(!inputs.kept_copies.config.empty() || !backups_of(*inputs.root, Source::config).empty(), "copies of it");
  add(observation.reading(Source::secrets).verdict != Verdict::absent, "the secrets");
  add(observation.reading(Source::state).verdict != Verdict::absent, "recorded plugins");
  std::size_t own_plugins = 0;
  for (const auto& directory : observation.disk.directories) {
    const bool bundled = std::find(std::begin(kBundled), std::end(kBundled), directory.name) != std::end(kBundled);
    if (!bundled && directory.manifest != model::ManifestVerdict::missing) ++own_plugins;
  }
  add(own_plugins != 0, "installed plugins");
  if (remains.empty()) return;
  config.verdict = Verdict::unreadable;
  config.reason = "lost";
  config.detail = fmt::format("there is no such file, but there are {}: it was lost", remains);
}

/// Where the plugins lie when config.json does not tell: what is left of it, then its newest copy, then the default.
PluginsDirectorySetting guess_plugins_directory(const ReadDocument& config, const std::optional<FoundCopy>& copy) {
  if (auto seen = visible_string(config.file.bytes, "plugins_directory")) return {.path = std::move(*seen)};
  return copy ? plugins_directory_of(copy->document.root()) : PluginsDirectorySetting();
}

void observe_disk(const ObserveInputs& inputs, const PluginsDirectorySetting& setting, Observation& observation) {
  if (!setting.problem.empty()) {
    observation.disk.path = setting.path;
    observation.reading(Source::disk) = {.source = Source::disk,
                                         .verdict = Verdict::unreadable,
                                         .path = setting.path,
                                         .reason = "not_configured",
                                         .detail = setting.problem};
    return;
  }
  auto disk = read_disk(*inputs.root, *inputs.file_system,
                        {.root_path = inputs.root_path,
                         .configured = setting.path,
                         .installation_id = observation.ledger.installation_id,
                         .receipts = inputs.settings_check,
                         .untouched_files = observation.ledger.untouched_files});
  observation.untouched_files = std::move(disk.untouched_files);
  std::sort(observation.untouched_files.begin(), observation.untouched_files.end());
  observation.disk = std::move(disk.facts);
  observation.reading(Source::disk) = std::move(disk.reading);
}

void observe_state(const ObserveInputs& inputs, Observation& observation) {
  auto file = read_file(*inputs.root,
                        {.source = Source::state, .path = "data/plugin_state.json", .limit = limits::kMaxConfigBytes},
                        *inputs.clock, [&observation](std::string& bytes) -> Status {
                          ASSIGN_OR_RETURN(observation.state, decode_state(std::move(bytes)));
                          return ok();
                        });
  observation.reading(Source::state) = std::move(file.reading);
}

void observe_tombstones(const ObserveInputs& inputs, Observation& observation) {
  Tombstones tombstones;
  auto file = read_file(
      *inputs.root,
      {.source = Source::tombstones, .path = "config/uninstalled_plugins.json", .limit = limits::kMaxTombstoneBytes},
      *inputs.clock, [&tombstones](const std::string& bytes) -> Status {
        ASSIGN_OR_RETURN(tombstones, decode_tombstones(bytes));
        return ok();
      });
  observation.tombstones = std::move(tombstones.ids);
  observation.ignored_tombstones = std::move(tombstones.ignored);
  observation.reading(Source::tombstones) = std::move(file.reading);
}

void keep_config_facts(const ReadDocument& config, const ReadDocument& secrets, model::ConfigFacts& facts) {
  if (config.document) {
    facts.sections = sections_of(config.document->root(), Secrecy::open);
    facts.references = references_of(config.document->root());
  }
  if (!secrets.document) return;
  facts.secrets = sections_of(secrets.document->root(), Secrecy::secret);
  const auto configured = config.document ? std::optional(config.document->root()) : std::nullopt;
  facts.core_keys_in_secrets = core_keys_in_secrets(secrets.document->root(), configured);
}

void keep_template_facts(const ObserveInputs& inputs, Observation& observation) {
  const ReadDocument file = read_object(inputs, Source::template_, "config/config.template.json");
  if (file.document) observation.config.templates = sections_of(file.document->root(), Secrecy::open);
  observation.reading(Source::template_) = file.file.reading;
}

/// No link is followed: what lies elsewhere is not moved.
void observe_uploads(const ObserveInputs& inputs, model::UploadFacts& uploads) {
  const auto directory = inputs.root->open("assets/plugins", platform::Links::refuse);
  if (!directory && directory.error().code == ErrorCode::not_found) return;
  const auto entries = directory ? (*directory)->list() : directory.error();
  if (!entries) {
    uploads.problem = fmt::format("what was uploaded for plugins cannot be listed ({})", entries.error().message);
    return;
  }
  for (const platform::DirectoryEntry& entry : *entries) uploads.names.push_back(entry.name);
}

std::optional<FoundCopy> search_copy(const ObserveInputs& inputs, Source source, const ReadDocument& damaged,
                                     SecretValues values = {}) {
  return find_last_good(*inputs.root,
                        {.source = source,
                         .kept = source == Source::secrets ? inputs.kept_copies.secrets : inputs.kept_copies.config,
                         .damaged_bytes = damaged.file.bytes,
                         .secrets = std::move(values)});
}

/// What is secret: as the secrets file says, or its newest copy where that is damaged too.
SecretValues secret_values(const ReadDocument& secrets, const std::optional<FoundCopy>& copy) {
  if (secrets.document) return SecretValues(secrets.document->root());
  return copy ? SecretValues(copy->document.root()) : SecretValues();
}

Result<std::unique_ptr<platform::Directory>> plugins_of(const ObserveInputs& inputs, const Observation& observation) {
  return open_plugins(*inputs.root, *inputs.file_system,
                      {.root_path = inputs.root_path, .configured = observation.disk.path, .installation_id = {}});
}

/// Only on complete sources: with the secrets unread, a secret would seem to be missing.
void observe_settings(const ObserveInputs& inputs, const ReadDocument& config, const ReadDocument& secrets,
                      Observation& observation) {
  const bool known = config.file.reading.known() && !observation.unknown_among({Source::secrets, Source::disk});
  if (!known || inputs.settings_check == SettingsCheck::skip) return;
  const auto plugins = plugins_of(inputs, observation);
  if (!plugins) return;
  check_settings(**plugins, Sections(config.document), Sections(secrets.document), inputs.settings_check, observation);
}

/// Every text that is secret, the longest first: one may be a part of another. Of one length: by the text, so that what
/// is hidden where two overlap never changes. Nothing: what is secret is not known.
SecretTexts texts_of(const ObserveInputs& inputs, const Observation& observation, const ReadDocument& config,
                     const ReadDocument& secrets) {
  if (!config.document) return std::nullopt;
  if (!secrets.document && secrets.file.reading.verdict != Verdict::absent) return std::nullopt;
  std::vector<std::string> texts;
  const auto add = [&texts](const std::vector<json::Value>& values) {
    for (const json::Value value : values) texts.push_back(value.string().value_or(std::string(value.text())));
  };
  add(hidden_values(config.document->root(), model::DocumentName::config));
  if (secrets.document) add(hidden_values(secrets.document->root(), model::DocumentName::secrets));
  if (const auto plugins = plugins_of(inputs, observation)) {
    add(hidden_by_schemas(**plugins, observation.disk.directories, config.document->root()));
  }
  std::ranges::sort(texts, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  return texts;
}

void observe_runtime(const ObserveInputs& inputs, const std::string& real_root, const ReadDocument& config,
                     const ReadDocument& secrets, Observation& observation) {
  std::vector<std::string> installed;
  for (const model::PluginDirectory& directory : observation.disk.directories) {
    installed.push_back(directory.manifest == model::ManifestVerdict::good ? directory.id : directory.name);
  }
  RuntimeReading runtime = read_runtime({.file_system = inputs.file_system,
                                         .clock = inputs.clock,
                                         .processes = inputs.processes,
                                         .root = inputs.root_path,
                                         .real_root = real_root,
                                         .cache = inputs.display_cache,
                                         .installed = std::move(installed),
                                         .secrets = [&] { return texts_of(inputs, observation, config, secrets); }});
  observation.runtime = std::move(runtime.facts);
  observation.reading(Source::runtime) = std::move(runtime.reading);
}

}  // namespace

Result<Observation> observe(ObserveInputs inputs) {
  Observation observation;
  observation.root = inputs.root_path;
  observation.ledger = std::move(inputs.ledger);
  observation.reading(Source::ledger) = std::move(inputs.ledger_reading);
  observation.registry = std::move(inputs.registry);
  observation.reading(Source::registry) = std::move(inputs.registry_reading);

  ReadDocument config = read_object(inputs, Source::config, "config/config.json");
  ReadDocument secrets = read_object(inputs, Source::secrets, "config/config_secrets.json");
  observation.reading(Source::secrets) = secrets.file.reading;
  keep_config_facts(config, secrets, observation.config);
  keep_template_facts(inputs, observation);

  std::optional<FoundCopy> secrets_copy;
  if (copy_would_help(secrets.file.reading)) secrets_copy = search_copy(inputs, Source::secrets, secrets);
  std::optional<FoundCopy> config_copy;
  PluginsDirectorySetting plugins_directory;
  if (config.document) {
    plugins_directory = plugins_directory_of(config.document->root());
  } else {
    config_copy = search_copy(inputs, Source::config, config, secret_values(secrets, secrets_copy));
    plugins_directory = guess_plugins_directory(config, config_copy);
  }
  const std::string real_root = inputs.root->real_path(".").value_or(inputs.root_path);
  observe_state(inputs, observation);  // its text is gone before thousands of directories need their place
  observe_disk(inputs, plugins_directory, observation);
  observe_settings(inputs, config, secrets, observation);
  observe_runtime(inputs, real_root, config, secrets, observation);
  config.document.reset();  // with thousands of plugins it weighs more than all facts
  secrets.document.reset();
  observe_tombstones(inputs, observation);
  observe_uploads(inputs, observation.uploads);

  look_for_loss(inputs, observation, config.file.reading);
  observation.reading(Source::config) = config.file.reading;
  if (config_copy && copy_would_help(config.file.reading)) observation.last_good.push_back(config_copy->copy);
  if (secrets_copy) observation.last_good.push_back(secrets_copy->copy);

  observation.core_version = read_core_version(*inputs.root);
  observation.web_process = web_process_runs(*inputs.processes, inputs.root_path, real_root);
  return observation;
}

}  // namespace trueup::sources
