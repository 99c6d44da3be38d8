#include "rare_table.h"

#include <utility>
#include <vector>

#include "at_rest_table.h"
#include "situations_table.h"
#include "support/observation_builder.h"

namespace trueup::test {
namespace {

using model::Source;

struct Rare {
  std::string what;
  model::Observation seen;
};

/// A plugin whose registry entry declares that it was called `old` before; its settings still stand there.
ObservationBuilder renamed() {
  ObservationBuilder builder;
  builder.installed(kPlugin).offered(kPlugin).section("old", true);
  builder.seen.registry.entries.back().aliases = {"old"};
  return builder;
}

ObservationBuilder uploads(ObservationBuilder builder, std::vector<std::string> names) {
  builder.seen.uploads.names = std::move(names);
  return builder;
}

void add_renames(std::vector<Rare>& out) {
  out.push_back({"a declared rename", renamed().seen});
  out.push_back({"settings under both names", renamed().section(kPlugin, true).seen});
  const auto no_section = [] {
    ObservationBuilder builder;
    builder.installed(kPlugin).offered(kPlugin);
    builder.seen.registry.entries.back().aliases = {"old"};
    return builder;
  };
  const auto claimed_twice = [](ObservationBuilder builder) {
    builder.section("old", true).offered(kPlugin).offered("another");
    for (auto& entry : builder.seen.registry.entries) entry.aliases = {"old"};
    return builder.seen;
  };
  out.push_back({"an alias of two plugins that are not there", claimed_twice({})});
  out.push_back({"an alias of two plugins, one of them there", claimed_twice(ObservationBuilder().installed(kPlugin))});
  out.push_back({"an alias of two plugins that are there",
                 claimed_twice(ObservationBuilder().installed(kPlugin).installed("another"))});
  out.push_back({"a record alone under the old name", no_section().recorded("old", true).seen});
  out.push_back({"a record alone, and no registry to ask whose it is",
                 ObservationBuilder().installed(kPlugin).recorded("old", true).unreadable(Source::registry).seen});
  out.push_back({"secrets alone under the old name", no_section().secret("old").seen});
  out.push_back({"secrets and a record under the old name", no_section().secret("old").recorded("old", true).seen});
  out.push_back({"secrets under the old name and a section under the new one",
                 no_section().secret("old").section(kPlugin, false).seen});
  out.push_back({"secrets under the old name, which was removed", no_section().secret("old").removed("old").seen});
  out.push_back({"secrets under both names and a section under the new one",
                 no_section().secret("old").secret(kPlugin).section(kPlugin, true).seen});
  out.push_back({"secrets under both names", renamed().secret("old").secret(kPlugin).seen});
  out.push_back({"uploads under both names", uploads(renamed(), {std::string(kPlugin), "old"}).seen});
  ObservationBuilder problem = renamed();
  problem.seen.uploads.problem = "assets/plugins is a link";
  out.push_back({"uploads that cannot be read", problem.seen});
  out.push_back({"the old name was removed", renamed().removed("old").seen});
  ObservationBuilder undeclared;
  undeclared.installed(kPlugin, "1.0.0", "old").section("old", true);
  out.push_back({"settings under the directory's name", undeclared.seen});
  ObservationBuilder no_object;
  no_object.installed(kPlugin).offered(kPlugin).section_of_type("old", "string");
  no_object.seen.registry.entries.back().aliases = {"old"};
  out.push_back({"settings that are no object under the old name", no_object.seen});
  ObservationBuilder manifest;
  manifest.installed(kPlugin).section("old", true);
  manifest.seen.disk.directories.back().former_ids = {"old"};
  out.push_back({"a rename that the manifest declares", manifest.seen});
  out.push_back({"the same without a registry to ask", ObservationBuilder(manifest).unreadable(Source::registry).seen});
  ObservationBuilder absent;
  absent.section("old", true).recorded("old", true).offered(kPlugin);
  absent.seen.registry.entries.back().aliases = {"old"};
  out.push_back({"a plugin that is not there and has another name now", absent.seen});
}

void add_settings(std::vector<Rare>& out) {
  ObservationBuilder secret;
  secret.installed(kPlugin).section(kPlugin, true).secret_enabled(kPlugin, false);
  out.push_back({"`enabled` among the secrets", secret.seen});
  ObservationBuilder hidden = secret;
  hidden.seen.config.core_keys_in_secrets.back() = {
      .section = std::string(kPlugin), .key = "skin", .secrets_text = std::string(model::kNotShown), .config_text = ""};
  out.push_back({"another core key among the secrets", hidden.seen});
  for (const bool on : {true, false}) {
    const std::string state = on ? ", on" : ", off";
    const auto installed = [on] { return ObservationBuilder().installed(kPlugin).section(kPlugin, on); };
    out.push_back({"a key that the schema does not know" + state, installed().schema_lacks("font").seen});
    out.push_back({"a wrong value" + state, installed().schema_forbids("size", "must be at most 10").seen});
    out.push_back({"a missing value" + state, installed().schema_forbids("key", "is missing").seen});
    out.push_back({"a schema that is broken" + state, installed().schema_unusable("line 1: it is cut off").seen});
    ObservationBuilder newer = installed();
    newer.seen.disk.directories.back().minimum_core = "9.0.0";
    newer.seen.core_version = "3.0.0";
    out.push_back({"a plugin for a newer LEDMatrix" + state, newer.seen});
    ObservationBuilder other = installed();
    other.seen.disk.directories.back().core_ranges = {"^2.0.0", "2.5.0 - 2.9.0"};
    other.seen.core_version = "3.0.0";
    out.push_back({"a plugin for other versions of LEDMatrix" + state, other.seen});
    for (const bool marked : {true, false}) {
      const std::string told = (marked ? ", marked as there" : "") + state;
      out.push_back({"a missing Python package" + told, installed().lacks_package(kPlugin, marked).seen});
      out.push_back({"an odd list of packages" + told, installed().lacks_package(kPlugin, marked, 2).seen});
      out.push_back({"a package that pip failed for" + told,
                     installed().lacks_package(kPlugin, marked).pip_failed(kPlugin).seen});
    }
    ObservationBuilder modes = installed();
    modes.modes({"now"}).installed("zebra").modes({"now"}).section("zebra", true);
    out.push_back({"two plugins with one display mode" + state, modes.seen});
  }
  out.push_back({"a plugin with the name of a core setting", [] {
                   ObservationBuilder reserved;
                   reserved.installed("display");
                   return reserved.seen;
                 }()});
}

void add_copies(std::vector<Rare>& out) {
  ObservationBuilder journal;
  journal.seen.ledger.interrupted = {"an action was interrupted before it took effect"};
  out.push_back({"an interrupted action of ours", journal.seen});
  ObservationBuilder not_given_out =
      ObservationBuilder().damaged(kPlugin).section(kPlugin, true).damaged_record(kPlugin);
  not_given_out.seen.disk.directories.back().manifest = model::ManifestVerdict::unreadable;
  not_given_out.seen.disk.directories.back().manifest_problem = "its manifest.json: cannot read: Input/output error";
  out.push_back({"a manifest that the disk does not give out, and a damaged record", not_given_out.seen});
  ObservationBuilder unknown = ObservationBuilder().installed(kPlugin).section(kPlugin, true).aside(kPlugin);
  unknown.seen.disk.asides.back().known_suffix = false;
  out.push_back({"a copy that nobody knows the maker of", unknown.seen});
  ObservationBuilder unread = ObservationBuilder().section(kPlugin, true).recorded(kPlugin, true).offered(kPlugin);
  unread.aside(kPlugin, false).seen.disk.asides.back().problem = "\"manager.py\": cannot read: Input/output error";
  unread.seen.disk.asides.back().unread = unread.seen.disk.asides.back().name + "/manager.py";
  out.push_back({"a copy that the disk does not give out", unread.seen});
  ObservationBuilder taken = ObservationBuilder().section(kPlugin, true).recorded(kPlugin, true).aside(kPlugin);
  taken.installed(kPlugin).seen.disk.directories.back().kind = model::EntryKind::dangling_link;
  taken.seen.disk.directories.back().manifest = model::ManifestVerdict::missing;
  out.push_back({"a copy whose name a link has", taken.seen});
  ObservationBuilder two = ObservationBuilder().section(kPlugin, true).recorded(kPlugin, true);
  two.aside(kPlugin).aside(kPlugin);
  two.seen.disk.asides.front().name = std::string(kPlugin) + ".standalone-backup-migrating";
  out.push_back({"two whole copies", two.seen});
  for (const auto kind : {model::EntryKind::dangling_link, model::EntryKind::other, model::EntryKind::directory}) {
    ObservationBuilder odd = ObservationBuilder().section(kPlugin, true).damaged(kPlugin).offered(kPlugin);
    odd.seen.disk.directories.back().kind = kind;
    odd.seen.disk.directories.back().manifest = model::ManifestVerdict::missing;
    out.push_back({"something that is no plugin under its name", odd.seen});
  }
}

void add_fetches(std::vector<Rare>& out) {
  const auto wanted = [] { return ObservationBuilder().section(kPlugin, true).recorded(kPlugin, true); };
  out.push_back({"an entry that installs another plugin", wanted().offered(kPlugin, "other").seen});
  ObservationBuilder refused = wanted().offered(kPlugin);
  refused.seen.ledger.attempts = {{.plugin_id = std::string(kPlugin),
                                   .source = refused.seen.registry.origin,
                                   .entry_digest = refused.seen.registry.entries.back().digest,
                                   .count = 1,
                                   .terminal = true,
                                   .reason = "refused",
                                   .detail = "its archive was refused"}};
  out.push_back({"an archive that was refused before", refused.seen});
  const model::RefusedEntry without_version{.id = std::string(kPlugin), .problem = "it states no version"};
  ObservationBuilder entry_refused = wanted();
  entry_refused.seen.registry.refused = {without_version};
  out.push_back({"an entry of the registry that is refused", entry_refused.seen});
  ObservationBuilder no_repair =
      ObservationBuilder().installed(kPlugin).receipt(kPlugin, "1.0.0").section(kPlugin, true);
  no_repair.seen.disk.directories.back().missing_files = {"extra.py"};
  no_repair.seen.registry.refused = {without_version};
  out.push_back({"files gone of a plugin whose entry is refused", no_repair.seen});
  ObservationBuilder card = wanted().offered(kPlugin);
  card.seen.ledger.installation_id.clear();
  out.push_back({"a new card", card.seen});
  ObservationBuilder lost;
  lost.seen.ledger.receipts.push_back({.plugin_id = std::string(kPlugin), .directory = std::string(kPlugin)});
  out.push_back({"a plugin of ours that only the ledger remembers", lost.seen});
  ObservationBuilder many;
  for (const char* id : {"a", "b", "c", "d"}) {
    many.installed(id).receipt(id, "1.0.0").section(id, true).offered(id);
    many.seen.disk.directories.back().missing_files = {"extra.py"};
  }
  out.push_back({"many plugins at once that lack files", many.seen});
}

void add_unfit_offers(std::vector<Rare>& out) {
  const auto add = [&out](const std::string& what, ObservationBuilder builder) {
    model::RegistryEntry& entry = builder.seen.registry.entries.back();
    builder.seen.core_version = "3.0.0";
    entry.minimum_core = "9.0.0";
    out.push_back({what + ", for a newer LEDMatrix", builder.seen});
    entry.minimum_core.clear();
    entry.core_ranges = {"^2.0.0", "2.5.0 - 2.9.0"};
    out.push_back({what + ", for other versions of LEDMatrix", builder.seen});
  };
  add("an offer of what is not there", ObservationBuilder().section(kPlugin, true).offered(kPlugin));
  ObservationBuilder renamed;
  renamed.section("old", true).recorded("old", true).offered(kPlugin);
  renamed.seen.registry.entries.back().aliases = {"old"};
  add("an offer under another name", renamed);
  ObservationBuilder repaired =
      ObservationBuilder().installed(kPlugin).receipt(kPlugin, "1.0.0").section(kPlugin, true).offered(kPlugin);
  repaired.seen.disk.directories.back().missing_files = {"extra.py"};
  add("an offer of the version whose files are gone", repaired);
  add("an offer in the place of what is damaged",
      ObservationBuilder().damaged(kPlugin).section(kPlugin, true).offered(kPlugin));
}

void add_running(std::vector<Rare>& out) {
  out.push_back({"a plugin that runs and is not there", ObservationBuilder().runs(kPlugin).seen});
  ObservationBuilder removed = ObservationBuilder().runs(kPlugin).removed(kPlugin);
  out.push_back({"a plugin that runs and was removed", removed.seen});
}

}  // namespace

void for_each_rare(const Visit& visit) {
  std::vector<Rare> all;
  add_renames(all);
  add_settings(all);
  add_copies(all);
  add_fetches(all);
  add_unfit_offers(all);
  add_running(all);
  for (const Rare& one : all) visit(one.seen, one.what);
}

void for_each_observation(const Visit& visit) {
  for_each_cell([&](const Cell& cell) { visit(observe(cell), describe(cell)); });
  for_each_at_rest(visit);
  for_each_told(visit);
  for_each_rare(visit);
}

}  // namespace trueup::test
