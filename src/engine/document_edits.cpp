#include "engine/document_edits.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <ranges>
#include <unordered_set>
#include <utility>

#include "json/canonical.h"
#include "json/difference.h"
#include "json/document.h"
#include "json/edit.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

using json::Document;
using json::Value;
using model::DocumentEdit;
using model::DocumentName;

constexpr std::string_view kEmptyState = "{\n  \"version\": 1,\n  \"states\": {},\n  \"last_updated\": null\n}";
constexpr std::size_t kSmallObject = 16;
constexpr std::size_t kEditsAtOnce = 5000;  // so that no number of edits costs more memory than it takes to list them

/// Whether `value` is what `text` says. A text that is no JSON equals nothing.
bool says(const Value& value, const std::string& text) {
  if (value.text() == text) return true;
  const auto parsed = Document::parse(text);
  return parsed && json::equal(value, parsed->root());
}

/// What stands at a path of object keys and numbers of list elements.
struct Place {
  std::optional<Value> value;
  bool blocked = false;  // something that holds no such thing stands in the way
};

/// Finds places in one document, however many are asked for.
class Finder {
 public:
  explicit Finder(const Document& document) : document_(document) {}

  Place find(const std::vector<std::string>& path) {
    Value at = document_.root();
    for (const auto& key : path) {
      if (at.is_array()) {
        const auto element = json::element(at, key);
        if (!element) return {.value = {}, .blocked = true};
        at = *element;
        continue;
      }
      if (!at.is_object()) return {.value = {}, .blocked = true};
      const auto member = at.size() <= kSmallObject ? at.find(key) : index_of(at).find(key);
      if (!member) return {};
      at = *member;
    }
    return {.value = at, .blocked = false};
  }

 private:
  const json::MemberIndex& index_of(const Value& object) {
    const auto found = indexes_.find(object.node());
    return found != indexes_.end() ? found->second : indexes_.emplace(object.node(), object).first->second;
  }

  const Document& document_;
  std::map<std::uint32_t, json::MemberIndex> indexes_;
};

/// The blanks before the first member, when it stands on a line of its own.
std::optional<std::string> indentation_of(const Document& document) {
  for (const json::Member& member : document.root().raw_members()) {
    const std::string_view before = std::string_view(document.bytes()).substr(0, member.key_begin);
    const auto line = before.find_last_of("\n\r");
    if (line == std::string_view::npos) return std::nullopt;
    const std::string_view blanks = before.substr(line + 1);
    if (blanks.empty() || blanks.find_first_not_of(' ') != std::string_view::npos) return std::nullopt;
    return std::string(blanks);
  }
  return std::nullopt;
}

/// `value` over several lines, as the document has its members; as it stands where the document has no such layout.
std::string laid_out(const std::string& value, const std::optional<std::string>& indentation, std::size_t depth) {
  if (!indentation) return value;
  const auto parsed = Document::parse(value);
  if (!parsed) return value;
  json::Writer writer({.indent = static_cast<int>(indentation->size()), .sort_keys = false});
  const std::string lines = std::move(writer.value(parsed->root())).text();
  std::string out;
  for (const char c : lines) {
    out += c;
    if (c != '\n') continue;
    for (std::size_t i = 0; i < depth; ++i) out += *indentation;
  }
  return out;
}

/// Which places were touched. By hashes: where two paths share one, the text is gone over once more.
class TouchedPaths {
 public:
  void add(const json::Path& path) {
    std::size_t way = 0;
    for (const std::string& step : path) {
      ways_.insert(way);
      way = further(way, step);
    }
    ends_.insert(way);
  }
  /// Whether `path`, something above it, or something beneath it was touched.
  [[nodiscard]] bool meet(const json::Path& path) const {
    std::size_t way = 0;
    for (const std::string& step : path) {
      if (ends_.contains(way)) return true;
      way = further(way, step);
    }
    return ends_.contains(way) || ways_.contains(way);
  }
  void clear() {
    ends_.clear();
    ways_.clear();
  }

 private:
  static std::size_t further(std::size_t way, const std::string& step) {
    constexpr std::size_t kFactor = static_cast<std::size_t>(0x9E3779B97F4A7C15ULL);
    return (way ^ std::hash<std::string_view>{}(step)) * kFactor + 1;
  }

  std::unordered_set<std::size_t> ends_;
  std::unordered_set<std::size_t> ways_;  // to them
};

/// Collects edits that do not touch each other, so that they are one pass over the text.
class Editor {
 public:
  Editor(Document document, bool lay_out) : document_(std::move(document)), lay_out_(lay_out) { begin(); }

  Result<Outcome> edit(const DocumentEdit& edit, std::optional<std::string>& found) {
    if (edit.new_key) return rename(edit);
    if (pending_.size() >= kEditsAtOnce || touched_.meet(edit.path)) RETURN_IF_ERROR(flush());
    const Place place = finder_->find(edit.path);
    if (place.value) found = std::string(place.value->text());
    if (place.blocked) return Outcome::moved;
    if (!edit.value && !place.value) return Outcome::already;
    if (edit.value && place.value && says(*place.value, *edit.value)) return Outcome::already;
    if (place.value.has_value() != edit.expected.has_value()) return Outcome::moved;
    if (place.value && !says(*place.value, *edit.expected)) return Outcome::moved;
    add_changes(edit, place.value);
    touched_.add(edit.path);
    return Outcome::done;
  }

  Result<std::string> end() && {
    RETURN_IF_ERROR(flush());
    return document_->bytes();
  }

 private:
  /// Of an object or a list only what differs is written, unless the value goes there as it stands (undo).
  void add_changes(const DocumentEdit& edit, const std::optional<Value>& there) {
    std::vector<json::Edit> changes;
    if (edit.value && lay_out_ && there) {
      if (const auto wanted = Document::parse(*edit.value))
        changes = json::difference(*there, wanted->root(), edit.path);
    }
    if (changes.empty()) changes.push_back({.path = edit.path, .value = edit.value});
    for (json::Edit& change : changes) {
      if (change.value && lay_out_) change.value = laid_out(*change.value, indentation_, change.path.size());
      pending_.push_back(std::move(change));
    }
  }

  /// The value is not looked at further than `expected` asks, nor remembered: it stays where it is.
  Result<Outcome> rename(const DocumentEdit& edit) {
    if (edit.path.empty()) return Outcome::moved;
    std::vector<std::string> renamed = edit.path;
    renamed.back() = *edit.new_key;
    if (touched_.meet(edit.path) || touched_.meet(renamed)) RETURN_IF_ERROR(flush());
    const Place object = finder_->find({edit.path.begin(), edit.path.end() - 1});
    if (!object.value || !object.value->is_object()) return Outcome::moved;
    const Place place = finder_->find(edit.path);
    const Place target = finder_->find(renamed);
    if (!place.value && target.value) return Outcome::already;
    if (!place.value || target.value) return Outcome::moved;
    if (edit.expected && !says(*place.value, *edit.expected)) return Outcome::moved;
    renames_.push_back({edit.path, *edit.new_key});
    touched_.add(edit.path);
    touched_.add(renamed);
    return Outcome::done;
  }

  void begin() {
    finder_ = std::make_unique<Finder>(*document_);
    indentation_ = indentation_of(*document_);
  }

  /// The old one goes first: both at once are the most memory that a pass over thousands of plugins would need.
  Status replace_by(std::string text) {
    finder_.reset();
    document_.reset();
    ASSIGN_OR_RETURN(document_, Document::parse(std::move(text)));
    return ok();
  }

  Status flush() {
    if (pending_.empty() && renames_.empty()) return ok();
    ASSIGN_OR_RETURN(auto text, json::apply(*document_, pending_));
    RETURN_IF_ERROR(replace_by(std::move(text)));
    for (const Rename& rename : renames_) {
      ASSIGN_OR_RETURN(text, json::rename_key(*document_, rename.path, rename.new_key));
      RETURN_IF_ERROR(replace_by(std::move(text)));
    }
    pending_.clear();
    renames_.clear();
    touched_.clear();
    begin();
    return ok();
  }

  std::optional<Document> document_;
  bool lay_out_;
  std::unique_ptr<Finder> finder_;
  std::optional<std::string> indentation_;
  struct Rename {
    json::Path path;
    std::string new_key;
  };
  std::vector<json::Edit> pending_;
  std::vector<Rename> renames_;
  TouchedPaths touched_;
};

Error wrong_shape(const std::string& where, std::string_view expected) {
  return Error{.code = ErrorCode::unreadable,
               .message = fmt::format("does not hold {}, so it cannot be edited", expected),
               .where = where};
}

Result<Document> parse(std::string text, const std::string& where) {
  auto document = Document::parse(std::move(text));
  if (!document) document.error().where = where;
  return document;
}

/// One id of the list of removed plugins.
Result<Outcome> edit_list(Document& document, const DocumentEdit& edit, std::optional<std::string>& found) {
  if (edit.path.size() != 1 || edit.new_key) return Outcome::moved;
  std::vector<json::Edit> removals;
  std::size_t index = 0;
  for (const Value element : document.root().elements()) {
    if (element.string() == edit.path.front()) removals.push_back({{std::to_string(index)}, std::nullopt});
    ++index;
  }
  if (!removals.empty()) found = "true";
  if (edit.value.has_value() == !removals.empty()) return Outcome::already;
  if (edit.expected.has_value() != !removals.empty()) return Outcome::moved;
  if (edit.value) removals.push_back({{"-"}, json::quote(edit.path.front())});
  ASSIGN_OR_RETURN(auto text, json::apply(document, removals));
  ASSIGN_OR_RETURN(document, Document::parse(std::move(text)));
  return Outcome::done;
}

Result<EditedText> edit_tombstones(const EditOrder& order, const std::optional<std::string>& text) {
  const std::string where(model::relative_path(order.document));
  ASSIGN_OR_RETURN(auto document, parse(text.value_or("[\n]"), where));
  if (!document.root().is_array()) return wrong_shape(where, "a list");
  EditedText edited;
  for (const DocumentEdit& edit : order.edits) {
    ASSIGN_OR_RETURN(const Outcome outcome, edit_list(document, edit, edited.found.emplace_back()));
    edited.outcomes.push_back(outcome);
  }
  edited.changed = std::ranges::count(edited.outcomes, Outcome::done) > 0;
  edited.text = document.bytes();
  return edited;
}

EditedText nothing_there(const EditOrder& order) {
  EditedText edited;
  for (const DocumentEdit& edit : order.edits) {
    edited.outcomes.push_back(edit.value || edit.new_key ? Outcome::moved : Outcome::already);
    edited.found.emplace_back();
  }
  return edited;
}

std::vector<std::string> path_after(const DocumentEdit& rename) {
  std::vector<std::string> path = rename.path;
  path.back() = *rename.new_key;
  return path;
}

/// Whatever the value is by now: it goes where it was.
DocumentEdit renamed_back(const DocumentEdit& rename) {
  DocumentEdit back{.document = rename.document, .path = path_after(rename), .expected = {}, .value = {}};
  back.new_key = rename.path.back();
  return back;
}

/// An edit that was made behind `rename`, at the place where it is before it.
void follow_back(const DocumentEdit& rename, DocumentEdit& edit) {
  const auto renamed = path_after(rename);
  if (edit.path.size() <= renamed.size() || !std::equal(renamed.begin(), renamed.end(), edit.path.begin())) return;
  edit.path[renamed.size() - 1] = rename.path.back();
}

}  // namespace

Result<EditedText> apply_edits(const EditOrder& order, const std::optional<std::string>& text) {
  if (order.document == DocumentName::tombstones) return edit_tombstones(order, text);
  if (!text && order.document == DocumentName::config) return nothing_there(order);
  const std::string_view empty = order.document == DocumentName::state ? kEmptyState : "{}";
  return edit_object(order.edits, order.lay_out, text ? *text : std::string(empty),
                     std::string(model::relative_path(order.document)));
}

Result<EditedText> edit_object(const std::vector<DocumentEdit>& edits, bool lay_out, std::string text,
                               const std::string& where) {
  ASSIGN_OR_RETURN(auto document, parse(std::move(text), where));
  if (!document.root().is_object()) return wrong_shape(where, "an object");
  EditedText edited;
  edited.outcomes.reserve(edits.size());
  edited.found.reserve(edits.size());
  Editor editor(std::move(document), lay_out);
  for (const DocumentEdit& edit : edits) {
    ASSIGN_OR_RETURN(const Outcome outcome, editor.edit(edit, edited.found.emplace_back()));
    edited.outcomes.push_back(outcome);
  }
  edited.changed = std::ranges::count(edited.outcomes, Outcome::done) > 0;
  ASSIGN_OR_RETURN(edited.text, std::move(editor).end());
  return edited;
}

std::vector<DocumentEdit> inverse_of(std::span<const DocumentEdit> edits, const Applied& applied, std::size_t first) {
  std::vector<DocumentEdit> renames;  // first, so that all of it may be done once more where all of it is done
  std::vector<DocumentEdit> inverse;
  for (std::size_t i = edits.size(); i-- > 0;) {
    const Outcome outcome = applied.outcomes[first + i];
    if (outcome == Outcome::moved) continue;
    if (outcome == Outcome::already && !applied.recovered) continue;  // another did it
    if (edits[i].new_key) {
      for (DocumentEdit& inside : inverse) follow_back(edits[i], inside);
      renames.push_back(renamed_back(edits[i]));
      continue;
    }
    // Verbatim where we saw it; after a crash only what the edit itself remembers.
    const bool seen = outcome == Outcome::done && first + i < applied.found.size();
    inverse.push_back({.document = edits[i].document,
                       .path = edits[i].path,
                       .expected = edits[i].value,
                       .value = seen ? applied.found[first + i] : edits[i].expected});
  }
  renames.insert(renames.end(), std::make_move_iterator(inverse.begin()), std::make_move_iterator(inverse.end()));
  return renames;
}

bool is_sound(DocumentName document, std::string text) {
  const auto parsed = Document::parse(std::move(text));
  if (!parsed) return false;
  switch (document) {
    case DocumentName::tombstones: return parsed->root().is_array();
    case DocumentName::saved_repositories: return parsed->root().is_array() || parsed->root().is_object();
    case DocumentName::config:
    case DocumentName::secrets:
    case DocumentName::state: break;
  }
  return parsed->root().is_object();
}

std::string state_file_of(const model::StateRebuild& rebuild) {
  json::Writer writer({.indent = 2, .sort_keys = false});
  writer.begin_object().key("version").integer(1).key("states").begin_object();
  for (const auto& entry : rebuild.entries) {
    writer.key(entry.key);
    const auto record = Document::parse(entry.record);
    if (record) {
      writer.value(record->root());
    } else {
      writer.raw(entry.record);
    }
  }
  writer.end_object().key("last_updated").null().end_object();
  return std::move(writer).text();
}

}  // namespace trueup::engine
