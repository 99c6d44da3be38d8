// Operations and undertakings as one line of JSON, for the journal and the ledger. What is read back was written by us,
// perhaps by an older version: a field that is missing has its default, one of a wrong type is an error.
//
// Each kind lists its fields once, for both directions: what is written is read, and nothing else.
#include <fmt/core.h>

#include <concepts>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include "base/boxed.h"
#include "engine/operation.h"
#include "engine/undertaking.h"
#include "json/document.h"
#include "json/write.h"
#include "ledger/journal.h"

namespace trueup::engine {
namespace {

using json::Value;

template <typename T, typename Kind>
concept Is = std::same_as<std::remove_const_t<T>, Kind>;

// --- what each kind is made of, in the order in which it is written -------------------------------------------------

void fields(auto& field, Is<model::DocumentEdit> auto& edit) {
  field("document", edit.document);
  field("path", edit.path);
  field("expected", edit.expected);
  field("value", edit.value);
  field("new_key", edit.new_key);
}

void fields(auto& field, Is<ExactCopy> auto& exact) {
  field.unless_empty("while_digest", exact.while_digest);
  field("copy", exact.copy);
  field.unless_empty("digest", exact.digest);
  field("shared_by", exact.shared_by);
}

void fields(auto& field, Is<EditDocument> auto& operation) {
  field("document", operation.document);
  field("exact", operation.exact);
  field("edits", operation.edits);
  field("lay_out", operation.lay_out);
  field.unless_empty("kept", operation.kept);
}

void fields(auto& field, Is<ReplaceDocument> auto& operation) {
  field("document", operation.document);
  field("expected_digest", operation.expected_digest);
  field("digest", operation.digest);
  field("kept", operation.kept);
}

void fields(auto& field, Is<PublishDirectory> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("directory", operation.directory);
  field("staged", operation.staged);
  field("kept", operation.kept);
  field("entry", operation.entry);
  field("accept_any_id", operation.accept_any_id);
  field("as_shipped", operation.as_shipped);
  field("version", operation.version);
  field("digest", operation.digest);
  field("replaced_digest", operation.replaced_digest);
  field.inode("staged_inode", operation.staged_inode);
  field("fetched", operation.fetched);
  field("fetched_before", operation.fetched_before);
}

void fields(auto& field, Is<SetDirectoryAside> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("directory", operation.directory);
  field("kept", operation.kept);
  field("digest", operation.digest);
}

void fields(auto& field, Is<ExchangeDirectory> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("directory", operation.directory);
  field("from", operation.from);
  field("to", operation.to);
  field("digest", operation.digest);
  field("replaced_digest", operation.replaced_digest);
  field.inode("inode", operation.inode);
}

void fields(auto& field, Is<ChangeLink> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("directory", operation.directory);
  field("from", operation.from);
  field("to", operation.to);
}

void fields(auto& field, Is<RenameUploads> auto& operation) {
  field("from", operation.from);
  field("to", operation.to);
  field.inode("inode", operation.inode);
}

void fields(auto& field, Is<MovePicture> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("filename", operation.filename);
  field("aside", operation.aside);
  field("comes", operation.comes);
  field("fresh", operation.fresh);
  field("digest", operation.digest);
}

void fields(auto& field, Is<NotePictures::Note> auto& note) {
  field("id", note.id);
  field("expected", note.expected);
  field("value", note.value);
}

void fields(auto& field, Is<NotePictures> auto& operation) {
  field("plugin_id", operation.plugin_id);
  field("notes", operation.notes);
  field("lay_out", operation.lay_out);
  field("exact", operation.exact);
  field("kept", operation.kept);
  field("moved_to", operation.moved_to);
}

void fields(auto& field, Is<model::ReceiptIndexEntry> auto& receipt) {
  field("plugin_id", receipt.plugin_id);
  field("directory", receipt.directory);
  field("version", receipt.version);
  field("origin", receipt.origin);
  field("digest", receipt.digest);
}

void fields(auto& field, Is<model::Hold> auto& hold) {
  field("finding", hold.finding);
  field("evidence_digest", hold.evidence_digest);
  field("reason", hold.reason);
  field("set_at", hold.set_at);
  field("lasts_seconds", hold.lasts_seconds);
}

void fields(auto& field, Is<LedgerEffects> auto& effects) {
  field.unless_empty("receipts_put", effects.receipts_put);
  field.unless_empty("receipts_removed", effects.receipts_removed);
  field.unless_empty("tombstones_put", effects.tombstones_put);
  field.unless_empty("tombstones_removed", effects.tombstones_removed);
  field.unless_empty("holds_put", effects.holds_put);
  field.unless_empty("holds_removed", effects.holds_removed);
}

void fields(auto& field, Is<Deed> auto& deed) {
  field("verb", deed.verb);
  field("plugin_id", deed.plugin_id);
  field("reason", deed.reason);
  field("finding", deed.finding);
  field.unless_empty("evidence", deed.evidence);
  field("result", deed.result);
  field("parts", deed.parts);
  field("undoes", deed.undoes);
  field("effects", deed.effects);
  field("effects_of_undoing", deed.effects_of_undoing);
}

void fields(auto& field, Is<Inverse> auto& inverse) {
  field("finding", inverse.finding);
  field.unless_empty("evidence", inverse.evidence);
  field("operations", inverse.operations);
  field("effects", inverse.effects);
}

void fields(auto& field, Is<Undertaking> auto& undertaking) {
  field("plugins_path", undertaking.plugins_path);
  field("kept_number", undertaking.kept_number);
  field("whole", undertaking.whole);
  field("deeds", undertaking.deeds);
  field("operations", undertaking.operations);
}

std::string_view kind_of(const EditDocument&) { return "edit_document"; }
std::string_view kind_of(const ReplaceDocument&) { return "replace_document"; }
std::string_view kind_of(const PublishDirectory&) { return "publish_directory"; }
std::string_view kind_of(const SetDirectoryAside&) { return "set_directory_aside"; }
std::string_view kind_of(const ExchangeDirectory&) { return "exchange_directory"; }
std::string_view kind_of(const ChangeLink&) { return "change_link"; }
std::string_view kind_of(const RenameUploads&) { return "rename_uploads"; }
std::string_view kind_of(const MovePicture&) { return "move_picture"; }
std::string_view kind_of(const NotePictures&) { return "note_pictures"; }

// --- writing -------------------------------------------------------------------------------------------------------

/// One object. In place: with thousands of edits the text has megabytes.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

  template <typename T>
  void operator()(std::string_view key, const T& value) {
    begin(key);
    put(value);
  }
  void operator()(std::string_view key, const MayBeNothing auto& value) {
    if (value) (*this)(key, *value);
  }
  void inode(std::string_view key, std::uint64_t value) { (*this)(key, std::to_string(value)); }
  template <typename T>
  void unless_empty(std::string_view key, const T& value) {
    if (value != T{}) (*this)(key, value);
  }
  void end() { out_ += '}'; }

 private:
  void begin(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += key;  // one of ours, in which nothing needs an escape
    out_ += "\":";
  }
  void put(std::string_view text) { json::append_quoted(out_, text); }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(bool flag) { out_ += flag ? "true" : "false"; }
  void put(std::integral auto number) { out_ += std::to_string(number); }
  void put(model::DocumentName document) { put(model::to_string(document)); }
  void put(const Deed::Part& part) { out_ += fmt::format("[{},{},{}]", part.operation, part.first, part.count); }
  void put(const Operation& operation) {
    std::visit([this](const auto& kind) { this->put_object(kind, kind_of(kind)); }, operation);
  }
  template <typename T>
  void put(const std::vector<T>& items) {
    out_ += '[';
    for (const T& item : items) {
      if (out_.back() != '[') out_ += ',';
      put(item);
    }
    out_ += ']';
  }
  template <typename T>
    requires std::is_class_v<T>
  void put(const T& value) {
    put_object(value, {});
  }
  template <typename T>
  void put_object(const T& value, std::string_view kind) {
    ObjectWriter object(out_);
    if (!kind.empty()) object("kind", kind);
    fields(object, value);
    object.end();
  }

  std::string& out_;
};

// Guesses, on the high side: what is never written to costs nothing, and a text that outgrows its place, three times
// it.
constexpr std::size_t kRoomOfKeys = 256;
constexpr std::size_t kRoomOfDeed = 512;

std::size_t room_for(const std::optional<std::string>& text) { return text ? text->size() / 4 * 5 : 0; }

std::size_t room_for(const std::vector<Operation>& operations) {
  std::size_t room = 0;
  for (const Operation& operation : operations) {
    room += 2 * kRoomOfKeys;
    const auto* const document = std::get_if<EditDocument>(&operation);
    if (document == nullptr) continue;
    for (const auto& edit : document->edits) room += kRoomOfKeys + room_for(edit.expected) + room_for(edit.value);
  }
  return room;
}

template <typename T>
std::string text_of(const T& value, std::size_t room) {
  std::string out;
  out.reserve(room);
  ObjectWriter object(out);
  fields(object, value);
  object.end();
  return out;
}

// --- reading -------------------------------------------------------------------------------------------------------

template <typename T>
bool read(const Value& value, T& out);

/// Reads members and remembers whether each is as it should be.
class ObjectReader {
 public:
  explicit ObjectReader(const Value& object) : object_(object), good_(object.is_object()) {}

  template <typename T>
  void operator()(std::string_view key, T& out) {
    const auto value = object_.find(key);
    if (value) good_ = take(*value, out) && good_;
  }
  void operator()(std::string_view key, MayBeNothing auto& out) {
    if (object_.find(key)) (*this)(key, out.emplace());
  }
  /// No default: an edit of no document is none.
  void operator()(std::string_view key, model::DocumentName& out) {
    const auto value = object_.find(key);
    good_ = value && take(*value, out) && good_;
  }
  /// As text: it may be larger than what a JSON number is trusted with.
  void inode(std::string_view key, std::uint64_t& out) {
    std::string digits;
    (*this)(key, digits);
    if (digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 20) {
      good_ = false;
    } else if (!digits.empty()) {
      out = std::strtoull(digits.c_str(), nullptr, 10);
    }
  }
  void unless_empty(std::string_view key, auto& out) { (*this)(key, out); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  template <typename Read, typename Out>
  static bool keep(const Read& read, Out& out) {
    if (read) out = static_cast<Out>(*read);
    return read.has_value();
  }
  static bool take(const Value& value, std::string& out) { return keep(value.string(), out); }
  static bool take(const Value& value, bool& out) { return keep(value.boolean(), out); }
  static bool take(const Value& value, std::integral auto& out) { return keep(value.integer(), out); }
  static bool take(const Value& value, model::DocumentName& out) {
    const auto name = value.string();
    for (const auto document : model::kAllDocuments) {
      if (name != model::to_string(document)) continue;
      out = document;
      return true;
    }
    return false;
  }
  static bool take(const Value& value, Deed::Part& part) {
    std::vector<std::size_t> numbers;
    for (const Value element : value.elements()) {
      const auto number = element.integer();
      if (!number || *number < 0) return false;
      numbers.push_back(static_cast<std::size_t>(*number));
    }
    if (numbers.size() != 3) return false;
    part = {.operation = numbers[0], .first = numbers[1], .count = numbers[2]};
    return true;
  }
  static bool take(const Value& value, Operation& operation) {
    std::string kind;
    ObjectReader reader(value);
    reader("kind", kind);
    return take_kind(value, kind, operation, std::make_index_sequence<std::variant_size_v<Operation>>{});
  }
  template <std::size_t... kIndex>
  static bool take_kind(const Value& value, std::string_view kind, Operation& operation,
                        std::index_sequence<kIndex...> /*all*/) {
    const auto is_it = [&](auto empty) {
      if (kind_of(empty) != kind || !read(value, empty)) return false;
      operation = std::move(empty);
      return true;
    };
    return (is_it(std::variant_alternative_t<kIndex, Operation>{}) || ...);
  }
  template <typename T>
  static bool take(const Value& value, std::vector<T>& out) {
    bool good = value.is_array();
    for (const Value element : value.elements()) good = take(element, out.emplace_back()) && good;
    return good;
  }
  template <typename T>
    requires std::is_class_v<T>
  static bool take(const Value& value, T& out) {
    return read(value, out);
  }

  Value object_;
  bool good_;
};

template <typename T>
bool read(const Value& value, T& out) {
  ObjectReader reader(value);
  fields(reader, out);
  return reader.good();
}

bool parts_fit(const Undertaking& undertaking) {
  for (const Deed& deed : undertaking.deeds) {
    for (const auto& part : deed.parts) {
      if (part.operation >= undertaking.operations.size()) return false;
      const auto* edit = std::get_if<EditDocument>(&undertaking.operations[part.operation]);
      const std::size_t edits = edit == nullptr ? 0 : edit->edits.size();
      if (part.count > edits || part.first > edits - part.count) return false;
    }
  }
  return true;
}

Error not_ours() {
  return Error{.code = ErrorCode::unreadable,
               .message = "a record of our own is not as any trueup would write it",
               .where = {},
               .hint = "nothing was changed; move .trueup/journal away to go on without what it says"};
}

}  // namespace

std::string to_json(const Undertaking& undertaking) {
  const std::size_t deeds = undertaking.deeds.size() * kRoomOfDeed;
  return text_of(undertaking, ledger::kRecordFrame + kRoomOfKeys + deeds + room_for(undertaking.operations));
}

Result<Undertaking> undertaking_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::string(text)));
  Undertaking undertaking;
  if (!read(document.root(), undertaking) || !parts_fit(undertaking)) return not_ours();
  return undertaking;
}

std::string to_json(const Inverse& inverse) { return text_of(inverse, kRoomOfKeys + room_for(inverse.operations)); }

Result<Inverse> inverse_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::string(text)));
  Inverse inverse;
  if (!read(document.root(), inverse)) return not_ours();
  return inverse;
}

}  // namespace trueup::engine
