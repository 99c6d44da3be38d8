#include "store/registry_entry.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/digest.h"
#include "base/letter_case.h"
#include "base/limits.h"
#include "model/compatibility.h"
#include "model/plugin_id.h"
#include "store/registry.h"

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

/// The texts of a list, the first ones, each once; `take` says which.
template <typename Take>
std::vector<std::string> texts_of(const Value& value, std::size_t most, const Take& take) {
  std::vector<std::string> texts;
  for (const Value element : value.elements()) {
    if (texts.size() == most) break;
    std::string text = bounded_text(element);
    if (text.empty() || !take(text)) continue;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string text_under(const Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? bounded_text(*value) : std::string();
}

/// A list of which not all can be kept is no opinion: what is left out may be the very one that fits (failure F93).
std::vector<std::string> ranges_of(const Value& value) {
  std::vector<std::string> ranges;
  for (const Value element : value.elements()) {
    std::string range = element.string().value_or("");
    if (!model::is_core_range(range)) continue;
    if (std::find(ranges.begin(), ranges.end(), range) != ranges.end()) continue;
    if (range.size() > limits::kMaxRegistryVersionBytes || ranges.size() == limits::kMaxRegistryRanges) return {};
    ranges.push_back(std::move(range));
  }
  return ranges;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
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
    result_.minimum_core = model::minimum_core_of(entry);
    read_legacy(entry);
    if (problem_.empty() && !has_id_) problem_ = "it has no id";
    result_.digest = fingerprint_hex(entry.text());
  }

  ReadEntry take() && { return {.entry = std::move(result_), .problem = std::move(problem_)}; }

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
      result_.aliases = texts_of(value, limits::kMaxRegistryAliases,
                                 [](const std::string& name) { return model::PluginId::well_formed(name); });
    } else if (key == "tags") {
      result_.tags = texts_of(value, limits::kMaxRegistryTags, [](const std::string&) { return true; });
    } else if (key == "commit") {
      result_.commit = without_case(bounded_text(value));
      if (!is_hex(result_.commit, 40)) result_.commit.clear();
    } else if (key == "sha256") {
      read_digest(value);
    } else if (key == "compatible_versions") {
      result_.core_ranges = ranges_of(value);
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
    if (key == "author") return &result_.author;
    if (key == "category") return &result_.category;
    if (key == "last_updated") return &result_.last_updated;
    if (key == "download_url") return &result_.download_url;
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

  /// A digest that cannot be one is not the same as none: what was to be checked cannot be.
  void read_digest(const Value& value) {
    if (value.is_null()) return;
    result_.sha256 = without_case(bounded_text(value));
    if (!is_hex(result_.sha256, 64)) refuse("its sha256 is no SHA-256 digest");
  }

  /// Registries of 2025: a list of versions, newest first, and addresses that stand there or follow from a template.
  void read_legacy(const Value& entry) {
    if (const auto versions = entry.find("versions")) {
      for (const Value version : versions->elements()) {
        if (version.is_object() && read_version(version)) break;
      }
    }
    std::string from_template = text_under(entry, "download_url_template");
    if (!result_.download_url.empty() || from_template.empty() || result_.latest_version.empty()) return;
    replace_all(from_template, "{version}", result_.latest_version);
    result_.download_url = std::move(from_template);
  }

  /// False: it is not the newest one.
  bool read_version(const Value& version) {
    const std::string number = text_under(version, "version");
    if (result_.latest_version.empty()) result_.latest_version = number;
    if (number != result_.latest_version) return false;
    if (result_.download_url.empty()) result_.download_url = text_under(version, "download_url");
    result_.minimum_core = model::stricter_minimum(std::move(result_.minimum_core), model::minimum_core_of(version));
    const auto ranges = version.find("compatible_versions");
    if (ranges && result_.core_ranges.empty()) result_.core_ranges = ranges_of(*ranges);
    if (const auto digest = version.find("sha256"); digest && result_.sha256.empty()) read_digest(*digest);
    return true;
  }

  template <typename... Arguments>
  void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    if (problem_.empty()) problem_ = fmt::format(format, std::forward<Arguments>(arguments)...);
  }

  RegistryEntry result_;
  bool has_id_ = false;
  std::string problem_;
};

}  // namespace

ReadEntry read_entry(const json::Value& entry) { return EntryReader(entry).take(); }

}  // namespace trueup::store
