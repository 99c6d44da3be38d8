#include "cli/store_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/counted.h"
#include "cli/json_output.h"
#include "cli/render_json.h"
#include "cli/table.h"
#include "model/compatibility.h"
#include "model/installed.h"
#include "store/registry.h"

namespace trueup::cli {
namespace {

using model::RegistryEntry;

char lower(char one) { return one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one; }

bool has_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool is_meant(const RegistryEntry& entry, const std::string& text, const std::string& category) {
  if (!category.empty() && entry.category != category) return false;
  if (text.empty()) return true;
  const bool in_tags =
      std::any_of(entry.tags.begin(), entry.tags.end(), [&](const std::string& tag) { return has_word(tag, text); });
  return in_tags || has_word(entry.id, text) || has_word(entry.name, text) || has_word(entry.author, text) ||
         has_word(entry.description, text);
}

/// What is installed, by id, and on which LEDMatrix.
class Installed {
 public:
  explicit Installed(const model::Observation& observation) : core_(observation.core_version) {
    for (const model::PluginDirectory& directory : observation.disk.directories) {
      if (!model::is_plain_file(directory)) versions_.emplace(model::id_of(directory), directory.version);
    }
  }

  [[nodiscard]] StoreRow row(const RegistryEntry& entry) const {
    StoreRow row{.entry = &entry, .unfit = model::why_not_fit(entry.minimum_core, entry.core_ranges, core_)};
    const auto id = model::installed_id_of(entry, [&](std::string_view one) { return versions_.contains(one); });
    if (!id) return row;
    row.installed_id = std::string(*id);
    row.installed_version = versions_.find(*id)->second;
    return row;
  }

 private:
  std::map<std::string, std::string, std::less<>> versions_;
  std::string core_;
};

StoreView empty_view(const model::Observation& observation) {
  const model::RegistryFacts& registry = observation.registry;
  return {.origin = registry.origin,
          .age = registry.age,
          .suspect = registry.suspect,
          .rows = {},
          .skipped = registry.skipped.size()};
}

std::string state_of(const StoreRow& row) {
  if (row.installed_id.empty()) return "";
  return row.installed_version.empty() ? "installed" : fmt::format("installed {}", shown(row.installed_version));
}

std::string unfit_of(const StoreRow& row) {
  return row.unfit.empty() ? "" : fmt::format("does not fit this LEDMatrix: {}", row.unfit);
}

std::string head_of(const StoreView& view) {
  std::string head = shown(view.origin);
  if (!view.age.empty()) head += fmt::format(", {}", shown(view.age));
  return head;
}

}  // namespace

StoreView store_view(const model::Observation& observation, const std::string& text, const std::string& category) {
  StoreView view = empty_view(observation);
  const Installed installed(observation);
  for (const auto* list : {&observation.registry.entries, &observation.registry.saved}) {
    for (const RegistryEntry& entry : *list) {
      if (is_meant(entry, text, category)) view.rows.push_back(installed.row(entry));
    }
  }
  return view;
}

StoreView store_view_of(const model::Observation& observation, const std::string& name) {
  StoreView view = empty_view(observation);
  const Installed installed(observation);
  for (const RegistryEntry* entry : store::entries_for(observation.registry, name)) {
    view.rows.push_back(installed.row(*entry));
  }
  for (const RegistryEntry& entry : observation.registry.saved) {
    if (entry.id == name) view.rows.push_back(installed.row(entry));
  }
  return view;
}

std::string render_store(const StoreView& view, const Terminal& terminal) {
  Table table({"id", "version", "here", "by", "what"});
  for (const StoreRow& row : view.rows) {
    const RegistryEntry& entry = *row.entry;
    const std::string& described = entry.description.empty() ? entry.name : entry.description;
    std::string what = unfit_of(row);
    if (!what.empty() && !described.empty()) what += "; ";
    what += described;
    table.add({{shown(entry.id), Colour::strong},
               {shown(entry.latest_version)},
               {state_of(row), Colour::good},
               {shown(entry.author) + (entry.verified ? "" : " (not verified)"), Colour::dim},
               {shown(what), row.unfit.empty() ? Colour::plain : Colour::warning}});
  }
  std::string out = table.empty() ? "Nothing of that kind can be installed.\n" : table.text(terminal);
  if (!terminal.interactive) return out;
  out += hanging(terminal, "", 0, fmt::format("{}: {}", counted(view.rows.size(), "plugin", "plugins"), head_of(view)),
                 Colour::dim);
  if (!view.suspect.empty()) {
    out += hanging(terminal, "", 0, fmt::format("What it last sent was not believed: {}.", shown(view.suspect)),
                   Colour::warning);
  }
  if (view.skipped > 0) {
    out += hanging(
        terminal, "", 0,
        fmt::format("{} of it cannot be used; `trueup doctor` says why.", counted(view.skipped, "entry", "entries")),
        Colour::dim);
  }
  return out;
}

std::string render_store_row(const StoreRow& row, const Terminal& terminal) {
  const RegistryEntry& entry = *row.entry;
  std::string out = painted(terminal, Colour::strong, shown(entry.name.empty() ? entry.id : entry.name)) + "\n";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    const std::string lead = fmt::format("  {:<12} ", name);
    out += hanging(terminal, lead, lead.size(), shown(value));
  };
  add("id", entry.id);
  add("version", entry.latest_version);
  add("here", row.installed_id.empty() ? "not installed" : fmt::format("{} as {}", state_of(row), row.installed_id));
  if (!entry.minimum_core.empty()) add("needs", fmt::format("LEDMatrix {} or later", entry.minimum_core));
  std::string ranges;
  for (const std::string& range : entry.core_ranges) ranges += ranges.empty() ? range : " or " + range;
  if (!ranges.empty()) add("for", "LEDMatrix " + ranges);
  add("but", unfit_of(row));
  add("what", entry.description);
  add("by", entry.author);
  add("category", entry.category);
  std::string tags;
  for (const std::string& tag : entry.tags) tags += tags.empty() ? tag : ", " + tag;
  add("tags", tags);
  add("verified", entry.verified ? "yes" : "no");
  add("changed", entry.last_updated);
  add("repository", entry.repository);
  add("folder", entry.plugin_path);
  add("sha256", entry.sha256);
  add("listed by", entry.source);
  return out;
}

void write_store_json(const StoreView& view, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("plugins").begin_array();
  for (const StoreRow& row : view.rows) {
    const RegistryEntry& entry = *row.entry;
    json.begin_object();
    json.key("author").text(entry.author);
    json.key("category").text(entry.category);
    json.key("compatible_versions").begin_array();
    for (const std::string& range : entry.core_ranges) json.text(range);
    json.end_array();
    json.key("description").text(entry.description);
    json.key("does_not_fit").text(row.unfit);
    json.key("id").text(entry.id);
    json.key("installed_id").text(row.installed_id);
    json.key("installed_version").text(row.installed_version);
    json.key("latest_version").text(entry.latest_version);
    json.key("ledmatrix_min_version").text(entry.minimum_core);
    json.key("name").text(entry.name);
    json.key("plugin_path").text(entry.plugin_path);
    json.key("repository").text(entry.repository);
    json.key("sha256").text(entry.sha256);
    json.key("source").text(entry.source);
    json.key("tags").begin_array();
    for (const std::string& tag : entry.tags) json.text(tag);
    json.end_array();
    json.key("verified").boolean(entry.verified);
    json.end_object();
  }
  json.end_array().key("registry").begin_object();
  json.key("age").text(view.age).key("origin").text(view.origin);
  json.key("skipped").number(static_cast<std::int64_t>(view.skipped)).key("suspect").text(view.suspect).end_object();
  json.key("schema").number(kJsonSchema).end_object().finish();
}

}  // namespace trueup::cli
