#include "situations_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "model/plugin_id.h"
#include "support/observation_builder.h"

namespace trueup::test {

using model::Observation;
using model::Source;

namespace {

constexpr std::array kConfigs{Config::unreadable, Config::no_section, Config::off,          Config::on,
                              Config::no_enabled, Config::wrong_type, Config::not_an_object};
constexpr std::array kDisks{Disk::unreadable, Disk::absent,     Disk::good,
                            Disk::damaged,    Disk::other_name, Disk::claimed_twice};
constexpr std::array kRecords{Recorded::unreadable, Recorded::damaged_file, Recorded::none,
                              Recorded::off,        Recorded::on,           Recorded::damaged_entry};
constexpr std::array kTombstones{Tombstone::none, Tombstone::in_file, Tombstone::in_ledger, Tombstone::unreadable};
constexpr std::array kRegistries{Registry::none,          Registry::unreadable,  Registry::lists,
                                 Registry::lists_by_path, Registry::prefix_only, Registry::not_listed};
constexpr std::array kReceipts{Receipt::none, Receipt::matching, Receipt::newer};

void add_config(ObservationBuilder& builder, Config config) {
  switch (config) {
    case Config::unreadable: builder.unreadable(Source::config, "syntax"); break;
    case Config::no_section: break;
    case Config::off: builder.section(kPlugin, false); break;
    case Config::on: builder.section(kPlugin, true); break;
    case Config::no_enabled: builder.section_without_enabled(kPlugin); break;
    case Config::wrong_type: builder.section_with(kPlugin, "\"true\""); break;
    case Config::not_an_object: builder.section_of_type(kPlugin, "string"); break;
  }
}

void add_disk(ObservationBuilder& builder, const Cell& cell) {
  switch (cell.disk) {
    case Disk::unreadable: builder.unreadable(Source::disk, "unmounted"); return;
    case Disk::absent: break;
    case Disk::good: builder.installed(kPlugin); break;
    case Disk::damaged: builder.damaged(kPlugin); break;
    case Disk::other_name: builder.installed(kPlugin, "1.0.0", "weather-main"); break;
    case Disk::claimed_twice: builder.installed(kPlugin, "1.0.0", "weather-copy").installed(kPlugin); break;
  }
  const bool has_directory = cell.disk != Disk::absent;
  const std::string version = cell.receipt == Receipt::newer ? "2.0.0" : "1.0.0";
  if (cell.receipt != Receipt::none && has_directory) builder.receipt(kPlugin, version);
}

void add_record(ObservationBuilder& builder, Recorded recorded) {
  switch (recorded) {
    case Recorded::unreadable: builder.unreadable(Source::state, "permission"); break;
    case Recorded::damaged_file: builder.unreadable(Source::state, "syntax"); break;
    case Recorded::none: break;
    case Recorded::off: builder.recorded(kPlugin, false, "0.9.0"); break;
    case Recorded::on: builder.recorded(kPlugin, true); break;
    case Recorded::damaged_entry: builder.damaged_record(kPlugin); break;
  }
}

void add_registry(ObservationBuilder& builder, Registry registry) {
  switch (registry) {
    case Registry::none: builder.no_registry(); break;
    case Registry::unreadable: builder.unreadable(Source::registry, "unreadable"); break;
    case Registry::lists: builder.offered(kPlugin); break;
    case Registry::lists_by_path: builder.offered("weather", kPlugin); break;
    case Registry::prefix_only: builder.offered("weather"); break;
    case Registry::not_listed: builder.offered("other"); break;
  }
}

}  // namespace

std::string_view to_string(Config config) {
  constexpr std::array kNames{"unreadable",   "no section", "off", "on", "no `enabled`", "`enabled` of wrong type",
                              "not an object"};
  return kNames[static_cast<std::size_t>(config)];
}
std::string_view to_string(Disk disk) {
  constexpr std::array kNames{"unreadable", "absent", "good", "damaged", "good, other name", "claimed twice"};
  return kNames[static_cast<std::size_t>(disk)];
}
std::string_view to_string(Recorded recorded) {
  constexpr std::array kNames{"unreadable", "damaged file", "nothing", "off", "on", "damaged entry"};
  return kNames[static_cast<std::size_t>(recorded)];
}
std::string_view to_string(Tombstone tombstone) {
  constexpr std::array kNames{"not removed", "removed", "removed (ledger only)", "unreadable"};
  return kNames[static_cast<std::size_t>(tombstone)];
}
std::string_view to_string(Registry registry) {
  constexpr std::array kNames{
      "none", "unreadable", "lists it", "lists it by its path", "only the prefix fits", "does not list it"};
  return kNames[static_cast<std::size_t>(registry)];
}
std::string_view to_string(Receipt receipt) {
  constexpr std::array kNames{"none", "matching", "of a newer version"};
  return kNames[static_cast<std::size_t>(receipt)];
}

std::string describe(const Cell& cell) {
  return fmt::format("config: {}; disk: {}; recorded: {}; tombstone: {}; registry: {}; receipt: {}; web {}; {}",
                     to_string(cell.config), to_string(cell.disk), to_string(cell.recorded), to_string(cell.tombstone),
                     to_string(cell.registry), to_string(cell.receipt),
                     cell.web == Web::running ? "running" : "stopped",
                     cell.settled == Settled::yes ? "settled" : "settling");
}

void for_each_cell(const std::function<void(const Cell&)>& visit) {
  for (const Config config : kConfigs) {
    for (const Disk disk : kDisks) {
      for (const Recorded recorded : kRecords) {
        for (const Tombstone tombstone : kTombstones) {
          for (const Registry registry : kRegistries) {
            for (const Receipt receipt : kReceipts) {
              for (const Web web : {Web::stopped, Web::running}) {
                for (const Settled settled : {Settled::yes, Settled::no}) {
                  visit({config, disk, recorded, tombstone, registry, receipt, web, settled});
                }
              }
            }
          }
        }
      }
    }
  }
}

void for_each_cell_on_disk(const std::function<void(const Cell&)>& visit) {
  for_each_cell([&](const Cell& cell) {
    if (cell.settled == Settled::no) return;
    const bool no_directory = cell.disk == Disk::absent || cell.disk == Disk::unreadable;
    if (no_directory && cell.receipt == Receipt::newer) return;
    visit(cell);
  });
}

Observation observe(const Cell& cell) {
  ObservationBuilder builder;
  // Something else is installed, so that an absent plugin is not the question of a new card.
  if (cell.disk != Disk::unreadable) builder.installed("clock");
  if (cell.config != Config::unreadable) builder.section("clock", true);
  add_config(builder, cell.config);
  add_disk(builder, cell);
  add_record(builder, cell.recorded);
  add_registry(builder, cell.registry);
  switch (cell.tombstone) {
    case Tombstone::none: break;
    case Tombstone::in_file: builder.removed(kPlugin); break;
    case Tombstone::in_ledger: builder.seen.ledger.tombstones.emplace_back(kPlugin); break;
    case Tombstone::unreadable: builder.unreadable(Source::tombstones, "syntax"); break;
  }
  if (cell.receipt != Receipt::none) {
    builder.seen.ledger.receipts.push_back({.plugin_id = std::string(kPlugin),
                                            .directory = std::string(kPlugin),
                                            .version = "1.0.0",
                                            .origin = "registry"});
  }
  if (cell.web == Web::running) builder.seen.web_process = model::Tristate::yes;
  if (cell.settled == Settled::no) builder.seen.disk.settling.emplace_back(kPlugin);
  return builder.seen;
}

namespace {

model::EnabledSetting setting_of(std::string_view text) {
  if (text == "true") return {model::EnabledSetting::Kind::on, "true"};
  if (text == "false") return {model::EnabledSetting::Kind::off, "false"};
  return {model::EnabledSetting::Kind::wrong_type, std::string(text)};
}

/// The value of a key in the texts that steps write.
std::string value_in(const std::string& object, std::string_view key) {
  const std::string before = fmt::format("\"{}\": ", key);
  const auto start = object.find(before) + before.size();
  return object.substr(start, object.find_first_of(",}", start) - start);
}
std::string enabled_in(const std::string& object) { return value_in(object, "enabled"); }

void edit_config(Observation& seen, const model::DocumentEdit& edit) {
  auto section = std::find_if(seen.config.sections.begin(), seen.config.sections.end(),
                              [&](const model::Section& one) { return one.key == edit.path[0]; });
  if (section == seen.config.sections.end()) {
    seen.config.sections.push_back({.key = edit.path[0], .type = "object"});
    section = std::prev(seen.config.sections.end());
  }
  section->enabled = setting_of(edit.path.size() == 1 ? enabled_in(*edit.value) : *edit.value);
}

model::StateRecord record_from(const std::string& key, const std::string& text) {
  const std::string enabled = enabled_in(text);
  const std::string version = value_in(text, "version");
  return {.key = key,
          .text = text,
          .enabled = enabled == "true",
          .enabled_text = enabled,
          .status = enabled == "true" ? "enabled" : "disabled",
          .version = version == "null" ? "" : version.substr(1, version.size() - 2)};
}

void edit_state(Observation& seen, const model::DocumentEdit& edit) {
  const std::string& key = edit.path[1];
  auto record = std::find_if(seen.state.begin(), seen.state.end(), [&](const auto& one) { return one.key == key; });
  if (!edit.value) {
    if (record != seen.state.end()) seen.state.erase(record);
    return;
  }
  if (edit.path.size() == 2) {
    if (record != seen.state.end()) seen.state.erase(record);
    seen.state.push_back(record_from(key, *edit.value));
    return;
  }
  if (record == seen.state.end()) return;
  const std::string& value = *edit.value;
  if (edit.path[2] == "enabled") {
    record->enabled = value == "true";
    record->enabled_text = value;
  } else if (edit.path[2] == "status") {
    record->status = value.substr(1, value.size() - 2);
  } else if (edit.path[2] == "version") {
    record->version = value.substr(1, value.size() - 2);
  }
}

void rename_key(Observation& seen, const model::DocumentEdit& edit) {
  const auto rename = [&edit](auto& members) {
    for (auto& member : members) {
      if (member.key == edit.path.back()) member.key = *edit.new_key;
    }
  };
  if (edit.document == model::DocumentName::state) rename(seen.state);
  if (edit.document == model::DocumentName::secrets) rename(seen.config.secrets);
  if (edit.document == model::DocumentName::config && edit.path.size() == 1) rename(seen.config.sections);
}

void stand_in(Observation& seen, model::PluginDirectory directory) {
  std::erase_if(seen.disk.directories, [&](const auto& one) { return one.name == directory.name; });
  seen.disk.directories.push_back(std::move(directory));
}

model::PluginDirectory good_directory(const std::string& name, const std::string& id, const std::string& version) {
  return {.name = name,
          .manifest = model::ManifestVerdict::good,
          .manifest_is_object = true,
          .id = id,
          .version = version,
          .display_name = id};
}

/// The files of the plugin's own version come back, whatever state they were in.
void repair(Observation& seen, const model::InstallOrder& order) {
  model::PluginDirectory whole = good_directory(order.directory, order.wanted_id, order.version);
  whole.receipt = model::ReceiptFacts{.plugin_id = order.wanted_id, .version = order.version};
  const auto before = std::ranges::find(seen.disk.directories, order.directory, &model::PluginDirectory::name);
  if (before != seen.disk.directories.end()) whole.modified_files = before->modified_files;  // the owner's stay
  stand_in(seen, std::move(whole));
}

void take_in(Observation& seen, const model::AsideOrder& order) {
  const auto aside = std::ranges::find(seen.disk.asides, order.aside, &model::Aside::name);
  stand_in(seen, good_directory(order.directory, aside->id, aside->version));
  seen.disk.asides.erase(aside);
}

void install(Observation& seen, const model::InstallOrder& order) {
  for (const std::string& candidate : order.candidates) {
    for (const model::RegistryEntry& entry : seen.registry.entries) {
      if (entry.id != candidate) continue;
      const std::string id = entry.directory;  // what the fetched manifest states
      if (id != order.wanted_id && !order.accept_any_id) {
        seen.ledger.attempts.push_back({.plugin_id = order.wanted_id,
                                        .source = seen.registry.origin,
                                        .entry_digest = entry.digest,
                                        .count = 1,
                                        .terminal = true,
                                        .reason = "identity_mismatch",
                                        .detail = "it states another id"});
        continue;
      }
      const auto there = std::ranges::find(seen.disk.directories, id, &model::PluginDirectory::name);
      const bool stands = there != seen.disk.directories.end();
      if (stands && there->manifest != model::ManifestVerdict::good) continue;  // refused: damaged, never absent
      if (stands && there->id == id && there->version == entry.latest_version)
        return;  // the same files: nothing is written
      model::PluginDirectory fetched = good_directory(id, id, entry.latest_version);
      fetched.receipt =
          model::ReceiptFacts{.plugin_id = id, .version = entry.latest_version, .origin = seen.registry.origin};
      stand_in(seen, std::move(fetched));
      std::erase_if(seen.ledger.receipts, [&](const auto& one) { return one.directory == id; });
      seen.ledger.receipts.push_back(
          {.plugin_id = id, .directory = id, .version = entry.latest_version, .origin = seen.registry.origin});
      return;
    }
  }
}

}  // namespace

Observation simulate(Observation observation, const model::Plan& plan) {
  for (const model::Step& step : plan.steps) {
    if (!step.held.empty()) continue;
    for (const model::DocumentEdit& edit : step.edits) {
      if (edit.new_key) {
        rename_key(observation, edit);
        continue;
      }
      edit.document == model::DocumentName::config ? edit_config(observation, edit) : edit_state(observation, edit);
    }
    if (step.rebuild) {
      observation.state.clear();
      for (const auto& entry : step.rebuild->entries) observation.state.push_back(record_from(entry.key, entry.record));
      observation.reading(Source::state) = {
          .source = Source::state, .verdict = model::Verdict::complete, .path = "data/plugin_state.json"};
    }
    if (step.action == model::StepAction::restart_display) {
      observation.runtime = {};  // it tells nothing until it has started
      observation.reading(Source::runtime).verdict = model::Verdict::absent;
    }
    if (step.action == model::StepAction::install_requirements) {
      std::erase_if(observation.python.missing, [&](const model::MissingRequirements& lacks) {
        return lacks.directory == step.plugin_id;  // in these tables both are the same
      });
    }
    if (step.aside) take_in(observation, *step.aside);
    if (step.install) {
      step.install->directory.empty() ? install(observation, *step.install) : repair(observation, *step.install);
    }
  }
  return observation;
}

}  // namespace trueup::test
