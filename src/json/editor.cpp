#include "json/editor.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "json/write.h"

namespace trueup::json {
namespace {

std::vector<Item> read_items(Value container) {
  std::vector<Item> items;
  items.reserve(container.size());
  for (const Member& member : container.raw_members()) {
    items.push_back({member.key_begin, member.value.end(), member.value, member.key, member.key_end});
  }
  for (const Value element : container.elements()) {
    items.push_back({element.begin(), element.end(), element, {}, 0});
  }
  return items;
}

/// "0", "1", "25"; nothing for anything else.
std::optional<std::size_t> position_of(std::string_view step) {
  std::size_t position = 0;
  const auto parsed = std::from_chars(step.data(), step.data() + step.size(), position);
  if (parsed.ec != std::errc() || parsed.ptr != step.data() + step.size()) return std::nullopt;
  if (step.size() > 1 && step.front() == '0') return std::nullopt;
  return position;
}

}  // namespace

std::string spliced(std::string_view bytes, std::vector<Splice> splices) {
  std::stable_sort(splices.begin(), splices.end(), [](const Splice& a, const Splice& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t added = 0;
  for (const Splice& splice : splices) added += splice.text.size();
  out.reserve(bytes.size() + added);
  std::size_t at = 0;
  for (const Splice& splice : splices) {
    out.append(bytes.substr(at, splice.begin - at));
    out.append(splice.text);
    at = splice.end;
  }
  out.append(bytes.substr(at));
  return out;
}

Editor::Editor(const Document& document) : file_(read_file_layout(document)), root_(document.root()) {}

Status Editor::edit(Change& change) { return value(root_, change, outermost_layout(), {}); }

// Recursion goes as deep as the paths of the edits, which change.cpp bounds.
Status Editor::value(Value value, Change& change, const ContainerLayout& outer, std::string_view line_indent) {
  if (change.is_end) {
    splices_.push_back({value.begin(), value.end(), *change.value});
    return ok();
  }
  if (change.children.empty()) return ok();  // no edits at all
  if (!value.is_object() && !value.is_array()) return cannot_enter(value);
  return container(value, change, outer, line_indent);
}

Status Editor::container(Value container, Change& change, const ContainerLayout& outer, std::string_view line_indent) {
  Place place{.container = container, .items = read_items(container)};
  place.removed.assign(place.items.size(), false);
  place.inside.assign(place.items.size(), nullptr);
  place.layout = read_container_layout(container, place.items, outer, line_indent, file_);
  RETURN_IF_ERROR(container.is_object() ? resolve_members(place, change) : resolve_elements(place, change));
  RETURN_IF_ERROR(descend(place, line_indent));
  if (place.changes_items) change_items(place);
  return ok();
}

/// Which member each change means: the last of its key, as Python sees it; all of them where the key is removed.
Status Editor::resolve_members(Place& place, Change& change) {
  for (std::size_t i = 0; i < place.items.size(); ++i) {
    const auto found = change.children.find(place.items[i].key);
    if (found == change.children.end()) continue;
    found->second->item = i;
    if (!found->second->is_end || found->second->value) continue;
    place.removed[i] = true;
    place.changes_items = true;
  }
  for (const std::string* key : change.order) {
    Change& child = *change.children.find(*key)->second;
    if (!child.appended.empty()) {
      path_.push_back(*key);
      return Error{ErrorCode::invalid, fmt::format("two edits at once both touch {}", to_text(path_))};
    }
    if (child.item == kNoItem) {
      add(place, key, child);
    } else if (!place.removed[child.item]) {
      place.inside[child.item] = &child;
    }
  }
  return ok();
}

Status Editor::resolve_elements(Place& place, Change& change) {
  for (const std::string* step : change.order) {
    RETURN_IF_ERROR(resolve_element(place, *step, *change.children.find(*step)->second));
  }
  return ok();
}

Status Editor::resolve_element(Place& place, const std::string& step, Change& change) {
  if (step == "-") {
    add(place, nullptr, change);
    return ok();
  }
  const auto position = position_of(step);
  if (!position) {
    return Error{ErrorCode::invalid, fmt::format("{} is a list, and '{}' is no position in it", to_text(path_), step)};
  }
  const bool there = *position < place.items.size();
  if (!there && !change.sets) return ok();
  if (!there) {
    return Error{ErrorCode::invalid,
                 fmt::format("{} has {} elements, and none at {}", to_text(path_), place.items.size(), step)};
  }
  if (change.is_end && !change.value) {
    place.removed[*position] = true;
    place.changes_items = true;
  } else {
    place.inside[*position] = &change;
  }
  return ok();
}

void Editor::add(Place& place, const std::string* key, const Change& change) {
  if (!change.sets) return;  // what is not there needs no removing
  place.changes_items = true;
  place.additions.push_back({key, &change, nullptr});
  for (const std::string& text : change.appended) place.additions.push_back({nullptr, nullptr, &text});
}

/// Edits inside the items that stay, each with the indentation of the line that it starts on.
Status Editor::descend(Place& place, std::string_view line_indent) {
  const Content& content = *place.container.content();
  std::size_t gap_begin = place.container.begin() + 1;
  for (std::size_t i = 0; i < place.items.size(); ++i) {
    const Item& item = place.items[i];
    const std::string_view gap = content.text(gap_begin, item.begin);
    if (has_line_break(gap)) line_indent = indent_of(gap);
    gap_begin = item.end;
    if (place.inside[i] == nullptr) continue;
    path_.push_back(place.container.is_object() ? std::string(item.key) : std::to_string(i));
    RETURN_IF_ERROR(value(item.value, *place.inside[i], place.layout, line_indent));
    path_.pop_back();
  }
  return ok();
}

void Editor::change_items(const Place& place) {
  const auto kept = std::find(place.removed.rbegin(), place.removed.rend(), false);
  if (kept == place.removed.rend()) {  // nothing stays: the inside is written anew
    std::string inside;
    if (!place.additions.empty()) {
      inside = place.layout.before_first + text_of(place.additions, place.layout, false) + place.layout.behind_last;
    }
    splices_.push_back({place.container.begin() + 1, place.container.end() - 1, std::move(inside)});
    return;
  }
  const auto last_kept = static_cast<std::size_t>(place.removed.rend() - kept) - 1;
  remove_before(place, last_kept);
  if (!place.additions.empty() || last_kept + 1 < place.items.size()) {
    splices_.push_back(
        {place.items[last_kept].end, place.items.back().end, text_of(place.additions, place.layout, true)});
  }
}

/// Takes out each run of removed items together with one separator.
void Editor::remove_before(const Place& place, std::size_t last_kept) {
  for (std::size_t i = 0; i < last_kept; ++i) {
    if (!place.removed[i]) continue;
    const std::size_t first = i;
    while (place.removed[i]) ++i;  // ends at last_kept
    if (first == 0) {
      splices_.push_back({place.items[0].begin, place.items[i].begin, {}});
    } else {
      splices_.push_back({place.items[first - 1].end, place.items[i - 1].end, {}});
    }
  }
}

std::string Editor::text_of(const std::vector<Addition>& additions, const ContainerLayout& layout,
                            bool behind_others) const {
  std::string out;
  for (const Addition& addition : additions) {
    if (behind_others || !out.empty()) out += layout.separator;
    if (addition.key != nullptr) out += quote(*addition.key) + layout.colon;
    out += addition.text != nullptr ? *addition.text : new_value(*addition.change, layout);
  }
  return out;
}

/// The value of a key that is new: the text given, or an object with all that is set below it.
std::string Editor::new_value(const Change& change, const ContainerLayout& outer) const {
  if (change.is_end) return *change.value;
  const ContainerLayout layout = new_container_layout(outer, file_);
  std::vector<Addition> members;
  for (const std::string* key : change.order) {
    const Change& child = *change.children.find(*key)->second;
    if (child.sets) members.push_back({key, &child, nullptr});
  }
  return "{" + layout.before_first + text_of(members, layout, false) + layout.behind_last + "}";
}

Error Editor::cannot_enter(Value value) const {
  return Error{ErrorCode::invalid,
               fmt::format("{} is {}, so nothing can be changed inside it", to_text(path_), describe(value.kind()))};
}

}  // namespace trueup::json
