#include "json/edit.h"

#include <fmt/core.h>

#include <charconv>

#include "json/editor.h"
#include "json/write.h"

namespace trueup::json {

std::string to_text(const Path& path) {
  if (path.empty()) return "the whole document";
  std::string out;
  for (const std::string& step : path) {
    if (!out.empty()) out += '.';
    out += step;
  }
  return out;
}

std::optional<Value> element(Value list, std::string_view step) {
  if (!list.is_array()) return std::nullopt;
  std::size_t position = 0;
  const auto parsed = std::from_chars(step.data(), step.data() + step.size(), position);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == step.data() + step.size();
  return whole && std::to_string(position) == step ? list.at(position) : std::nullopt;
}

std::optional<Value> find(const Document& document, const Path& path) { return find(document.root(), path); }

std::optional<Value> find(Value from, const Path& path) {
  Value value = from;
  for (const std::string& step : path) {
    const std::optional<Value> next = value.is_array() ? element(value, step) : value.find(step);
    if (!next) return std::nullopt;
    value = *next;
  }
  return value;
}

Result<std::string> apply(const Document& document, const std::vector<Edit>& edits) {
  ASSIGN_OR_RETURN(const auto change, make_change(edits));
  Editor editor(document);
  RETURN_IF_ERROR(editor.edit(*change));
  return spliced(document.bytes(), editor.take());
}

Result<std::string> rename_key(const Document& document, const Path& path, const std::string& new_key) {
  if (path.empty()) return Error{ErrorCode::invalid, "the whole document has no key"};
  const auto object = find(document, Path(path.begin(), path.end() - 1));
  if (!object || !object->find(path.back())) {
    return Error{ErrorCode::not_found, fmt::format("there is no {}", to_text(path))};
  }
  if (path.back() == new_key) return document.bytes();
  if (!is_text(new_key)) return Error{ErrorCode::invalid, "the new key is not UTF-8 text"};
  if (object->find(new_key)) {
    return Error{ErrorCode::conflict, fmt::format("{} cannot be renamed: {} is there already", to_text(path), new_key)};
  }
  std::vector<Splice> splices;
  for (const Member& member : object->raw_members()) {  // every duplicate, or an older one would come to light
    if (member.key == path.back()) splices.push_back({member.key_begin, member.key_end, quote(new_key)});
  }
  return spliced(document.bytes(), std::move(splices));
}

}  // namespace trueup::json
