// Where a $ref leads: to a place in the same document, by JSON pointer, by $id or by a name.
#include <fmt/core.h>

#include <cctype>
#include <charconv>

#include "json/schema_reader.h"

namespace trueup::json {
namespace {

bool has_scheme(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  return colon != std::string_view::npos && colon > 0 && uri.find_first_of("/?#") > colon;
}

/// "%25" and "~1" decoded.
std::string decoded_step(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    unsigned byte = 0;
    const char* digits = step.data() + i + 1;
    if (step[i] == '%' && i + 2 < step.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += step[i];
    }
  }
  for (const auto& [code, plain] : {std::pair("~1", '/'), std::pair("~0", '~')}) {
    for (std::size_t at = out.find(code); at != std::string::npos; at = out.find(code, at + 1)) {
      out.replace(at, 2, 1, plain);
    }
  }
  return out;
}

std::optional<Value> step_into(Value value, const std::string& step) {
  if (value.is_object()) return value.find(step);
  std::size_t position = 0;
  const char* end = step.data() + step.size();
  const auto parsed = std::from_chars(step.data(), end, position);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value.at(position);
}

std::optional<Value> follow_pointer(Value value, std::string_view pointer) {
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const auto next = step_into(value, decoded_step(pointer.substr(1, end - 1)));
    if (!next) return std::nullopt;
    value = *next;
    pointer.remove_prefix(end);
  }
  return value;
}

}  // namespace

std::optional<PartId> CompiledSchema::part_beneath(std::string_view key) const {
  if (beneath == nullptr) return std::nullopt;
  const auto& properties = beneath->parts[kRootPart].properties;
  const auto property = properties.find(key);
  return property == properties.end() ? std::nullopt : std::optional(property->second);
}

std::string resolve_uri(std::string_view base, std::string_view reference) {
  base = base.substr(0, base.find('#'));
  if (reference.empty() || reference.front() == '#') return std::string(base) + std::string(reference);
  const std::size_t authority = base.find("://");
  if (has_scheme(reference) || base.empty() || (has_scheme(base) && authority == std::string_view::npos)) {
    return std::string(reference);
  }
  if (reference.front() == '/') {
    const std::size_t path = authority == std::string_view::npos ? 0 : base.find('/', authority + 3);
    return std::string(base.substr(0, path)) + std::string(reference);
  }
  const std::size_t slash = base.rfind('/');
  const std::size_t directory = slash == std::string_view::npos ? 0 : slash + 1;
  return std::string(base.substr(0, directory)) + std::string(reference);
}

/// The place that is meant, and the base that references there start from.
std::optional<Value> SchemaReader::target_of(const Reference& reference, std::string& base) {
  const std::string_view target = reference.target;
  const std::size_t hash = std::min(target.find('#'), target.size());
  base = target.substr(0, hash);
  const std::string_view fragment = target.substr(std::min(hash + 1, target.size()));
  Value resource = out_.document.root();
  const auto named = resources_.find(base);
  if (named == resources_.end() && !base.empty()) {
    fail(reference.place, fmt::format("'{}' is not in this schema, and nothing is fetched from elsewhere", target));
    return std::nullopt;
  }
  if (named != resources_.end()) resource = named->second;
  std::optional<Value> found;
  if (fragment.empty() || fragment.front() == '/') {
    found = follow_pointer(resource, fragment);
  } else if (const auto anchor = resources_.find(target); anchor != resources_.end()) {
    found = anchor->second;
  }
  if (!found && resource.node() == out_.document.root().node() && leads_beneath(reference.from, fragment)) return found;
  if (!found) fail(reference.place, fmt::format("'{}' leads to nothing in this schema", target));
  return found;
}

/// "/properties/KEY" of a key that only the schema beneath names.
bool SchemaReader::leads_beneath(PartId from, std::string_view pointer) {
  constexpr std::string_view kProperties = "/properties/";
  if (!pointer.starts_with(kProperties)) return false;
  const auto id = out_.part_beneath(decoded_step(pointer.substr(kProperties.size())));
  out_.parts[from].reference_beneath = id;
  return id.has_value();
}

void SchemaReader::settle(const Reference& reference) {
  std::string base;
  const auto target = target_of(reference, base);
  if (!target) return;
  const std::string pointer = out_.parts[reference.from].pointer + "/$ref";
  const PartId id = part(*target, base, pointer);
  out_.parts[reference.from].reference = id;
}

}  // namespace trueup::json
