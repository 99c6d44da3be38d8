#include "json/change.h"

#include <fmt/core.h>

#include "json/write.h"

namespace trueup::json {
namespace {

Error overlap(const Path& path) {
  return Error{ErrorCode::invalid, fmt::format("two edits at once both touch {}", to_text(path))};
}

Result<std::string> checked_value(const Edit& edit) {
  auto parsed = Document::parse(*edit.value, Dialect::python, limits::kMaxJsonDepth - edit.path.size());
  if (parsed) return std::string(parsed->root().text());
  return Error{ErrorCode::invalid,
               fmt::format("the new value for {} is no JSON: {}", to_text(edit.path), parsed.error().message)};
}

Change& child_of(Change& parent, const std::string& step) {
  const auto [place, added] = parent.children.try_emplace(step);
  if (added) {
    place->second = std::make_unique<Change>();
    parent.order.push_back(&step);
  }
  return *place->second;
}

Status add(Change& root, const Edit& edit) {
  if (edit.path.size() >= limits::kMaxJsonDepth) return Error{ErrorCode::invalid, "the path of an edit is too long"};
  if (edit.path.empty() && !edit.value) return Error{ErrorCode::invalid, "a whole document cannot be removed"};
  std::optional<std::string> value;
  if (edit.value) {
    ASSIGN_OR_RETURN(value, checked_value(edit));
  }

  Change* change = &root;
  for (const std::string& step : edit.path) {
    if (value && !is_text(step)) return Error{ErrorCode::invalid, "a key is not UTF-8 text"};
    if (change->is_end) return overlap(edit.path);
    change->sets |= value.has_value();
    change = &child_of(*change, step);
  }
  if (change->is_end && change->value && value && edit.path.back() == "-") {  // a list takes any number of these
    change->appended.push_back(std::move(*value));
    return ok();
  }
  if (change->is_end || !change->children.empty()) return overlap(edit.path);
  change->is_end = true;
  change->sets = value.has_value();
  change->value = std::move(value);
  return ok();
}

}  // namespace

Result<std::unique_ptr<Change>> make_change(const std::vector<Edit>& edits) {
  auto root = std::make_unique<Change>();
  for (const Edit& edit : edits) RETURN_IF_ERROR(add(*root, edit));
  return root;
}

}  // namespace trueup::json
