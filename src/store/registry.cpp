#include "store/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/limits.h"
#include "json/document.h"
#include "model/plugin_id.h"
#include "store/registry_entry.h"

namespace trueup::store {

namespace {

using json::Value;
using model::RegistryEntry;

/// "as of 2026-03-26" from a date or a timestamp; empty for anything else.
std::string age_of(const Value& root) {
  const auto field = root.find("last_updated");
  const std::string text = field ? field->string().value_or("") : "";
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() < kShape.size()) return "";
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return "";
  }
  return "as of " + text.substr(0, kShape.size());
}

Error unreadable(std::string message) {
  return Error{.code = ErrorCode::unreadable,
               .message = std::move(message),
               .hint = "a registry is an object with a list named \"plugins\""};
}

std::string left_out(std::size_t number, const std::string& id, std::string_view problem) {
  const std::string named = id.empty() ? "" : fmt::format(" ('{}')", id);
  return fmt::format("entry {}{} is left out: {}", number, named, problem);
}

/// Of entries with the same id the first stays. `numbers` says which entry of the file each one is.
void drop_duplicates(model::RegistryFacts& facts, const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> order(facts.entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto id_of = [&](std::size_t index) -> const std::string& { return facts.entries[index].id; };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int compared = id_of(a).compare(id_of(b));
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<std::size_t> doubles;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (id_of(order[i]) == id_of(order[i - 1])) doubles.push_back(order[i]);
  }
  if (doubles.empty()) return;
  std::sort(doubles.begin(), doubles.end());
  for (const std::size_t index : doubles) {
    facts.skipped.push_back(left_out(numbers[index], id_of(index), "its id stands earlier, and the first one counts"));
  }
  std::vector<RegistryEntry> kept;
  kept.reserve(facts.entries.size() - doubles.size());
  for (std::size_t index = 0; index < facts.entries.size(); ++index) {
    if (!std::binary_search(doubles.begin(), doubles.end(), index)) kept.push_back(std::move(facts.entries[index]));
  }
  facts.entries = std::move(kept);
}

void read_entries(const Value& plugins, model::RegistryFacts& facts) {
  facts.entries.reserve(plugins.size());
  std::vector<std::size_t> numbers;
  numbers.reserve(plugins.size());
  std::size_t number = 0;
  for (const Value element : plugins.elements()) {
    ++number;
    ReadEntry read = read_entry(element);
    if (read.problem.empty()) {
      facts.entries.push_back(std::move(read.entry));
      numbers.push_back(number);
    } else {
      facts.skipped.push_back(left_out(number, read.entry.id, read.problem));
      if (!read.entry.id.empty()) facts.refused.push_back({read.entry.id, std::move(read.problem)});
    }
  }
  drop_duplicates(facts, numbers);
}

}  // namespace

std::optional<std::string> directory_of_plugin_path(std::string_view plugin_path) {
  if (plugin_path.starts_with('/')) return std::nullopt;
  std::string_view last;
  while (!plugin_path.empty()) {
    const std::size_t slash = std::min(plugin_path.find('/'), plugin_path.size());
    const std::string_view segment = plugin_path.substr(0, slash);
    plugin_path.remove_prefix(std::min(slash + 1, plugin_path.size()));
    if (segment == "..") return std::nullopt;
    if (!segment.empty() && segment != ".") last = segment;
  }
  if (!model::PluginId::well_formed(last)) return std::nullopt;
  return std::string(last);
}

Result<model::RegistryFacts> decode_registry(std::string text, std::string origin) {
  auto document = json::Document::parse(std::move(text));
  if (!document) return unreadable(fmt::format("the registry is not JSON: {}", document.error().message));
  const Value root = document->root();
  const auto plugins = root.find("plugins");
  if (!plugins || !plugins->is_array()) return unreadable("the registry has no list of plugins");
  if (plugins->size() > limits::kMaxRegistryEntries) {
    return unreadable(fmt::format("the registry lists more than {} plugins", limits::kMaxRegistryEntries));
  }
  model::RegistryFacts facts{.present = true, .origin = std::move(origin), .age = age_of(root)};
  read_entries(*plugins, facts);
  return facts;
}

const RegistryEntry* find_entry(const model::RegistryFacts& facts, std::string_view id) {
  const auto found = std::find_if(facts.entries.begin(), facts.entries.end(),
                                  [&](const RegistryEntry& entry) { return entry.id == id; });
  return found == facts.entries.end() ? nullptr : &*found;
}

const RegistryEntry* find_saved(const model::RegistryFacts& facts, std::string_view id) {
  const auto found =
      std::find_if(facts.saved.begin(), facts.saved.end(), [&](const RegistryEntry& entry) { return entry.id == id; });
  return found == facts.saved.end() ? nullptr : &*found;
}

std::vector<const RegistryEntry*> entries_for(const model::RegistryFacts& facts, std::string_view name) {
  std::vector<const RegistryEntry*> found;
  const auto add_where = [&](const auto& matches) {
    for (const RegistryEntry& entry : facts.entries) {
      if (matches(entry) && std::find(found.begin(), found.end(), &entry) == found.end()) found.push_back(&entry);
    }
  };
  add_where([&](const RegistryEntry& entry) { return entry.id == name; });
  add_where([&](const RegistryEntry& entry) { return entry.directory == name; });
  add_where([&](const RegistryEntry& entry) {
    return std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end();
  });
  return found;
}

}  // namespace trueup::store
