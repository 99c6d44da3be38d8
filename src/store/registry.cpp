#include "store/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/digest.h"
#include "base/limits.h"
#include "json/document.h"
#include "model/plugin_id.h"

namespace trueup::store {

namespace {

using json::Value;
using model::RegistryEntry;

/// Long enough for any honest text, short enough for a list of thousands.
std::string bounded_text(const Value& value) {
  std::string text = value.string().value_or("");
  if (text.size() <= limits::kMaxRegistryTextBytes) return text;
  std::size_t end = limits::kMaxRegistryTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // whole characters
  text.resize(end);
  return text;
}

std::vector<std::string> well_formed_names(const Value& value) {
  std::vector<std::string> names;
  for (const Value element : value.elements()) {
    auto name = element.string();
    if (names.size() == limits::kMaxRegistryAliases) break;
    if (!name || !model::PluginId::well_formed(*name)) continue;
    if (std::find(names.begin(), names.end(), *name) == names.end()) names.push_back(std::move(*name));
  }
  return names;
}

/// One entry under way: what it says, and the first rule it breaks.
class EntryReader {
 public:
  explicit EntryReader(const Value& entry) {
    if (!entry.is_object()) {
      problem_ = fmt::format("it is {}, not an object", json::describe(entry.kind()));
      return;
    }
    for (const json::Member member : entry.members()) read(member.key, member.value);
    if (problem_.empty() && !has_id_) problem_ = "it has no id";
    result_.digest = fingerprint_hex(entry.text());
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  RegistryEntry take() { return std::move(result_); }
  [[nodiscard]] const std::string& id() const { return result_.id; }

 private:
  void read(std::string_view key, const Value& value) {
    if (key == "id") {
      read_id(value);
    } else if (key == "plugin_path") {
      read_path(value);
    } else if (key == "type") {
      const std::string type = value.string().value_or("plugin");
      if (type != "plugin") refuse("it is no plugin but something of the type '{}'", type);
    } else if (key == "aliases") {
      result_.aliases = well_formed_names(value);
    } else if (key == "verified") {
      result_.verified = value.boolean().value_or(false);
    } else if (std::string* text = text_field(key)) {
      *text = bounded_text(value);
    }
  }

  std::string* text_field(std::string_view key) {
    if (key == "latest_version") return &result_.latest_version;
    if (key == "repo") return &result_.repository;
    if (key == "branch") return &result_.branch;
    if (key == "name") return &result_.name;
    if (key == "description") return &result_.description;
    return nullptr;
  }

  void read_id(const Value& value) {
    has_id_ = true;
    if (!value.is_string()) {
      refuse("its id is {}, not text", json::describe(value.kind()));
      return;
    }
    std::string id = bounded_text(value);
    if (model::PluginId::well_formed(id) && !model::is_reserved(id)) {
      result_.id = std::move(id);
      return;
    }
    const Error error = model::PluginId::parse(id).error();
    refuse("its id is '{}': {}", error.where, error.message);
  }

  void read_path(const Value& value) {
    result_.plugin_path = bounded_text(value);
    if (result_.plugin_path.empty()) return;  // not in this repository, or no opinion
    if (auto directory = directory_of_plugin_path(result_.plugin_path)) {
      result_.directory = std::move(*directory);
    } else {
      refuse("its plugin_path '{}' is not a place inside the registry", result_.plugin_path);
    }
  }

  template <typename... Arguments>
  void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    if (problem_.empty()) problem_ = fmt::format(format, std::forward<Arguments>(arguments)...);
  }

  RegistryEntry result_;
  bool has_id_ = false;
  std::string problem_;
};

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
    EntryReader reader(element);
    if (reader.problem().empty()) {
      facts.entries.push_back(reader.take());
      numbers.push_back(number);
    } else {
      facts.skipped.push_back(left_out(number, reader.id(), reader.problem()));
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
