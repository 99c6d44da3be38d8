// Operations and undertakings as one line of JSON, for the journal and the ledger. What is read back was written by us,
// perhaps by an older version: a field that is missing has its default, one of a wrong type is an error.
#include <fmt/core.h>

#include <cstdlib>
#include <utility>

#include "engine/operation.h"
#include "engine/undertaking.h"
#include "json/document.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

using json::Value;

// --- writing -------------------------------------------------------------------------------------------------------

class ObjectText {
 public:
  ObjectText& text(std::string_view key, std::string_view value) { return raw(key, json::quote(value)); }
  ObjectText& number(std::string_view key, std::int64_t value) { return raw(key, fmt::format("{}", value)); }
  ObjectText& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  ObjectText& maybe(std::string_view key, const std::optional<std::string>& value) {
    return value ? text(key, *value) : *this;
  }
  ObjectText& raw(std::string_view key, std::string_view json) {
    begin(key);
    out_ += json;
    return *this;
  }
  template <typename Items, typename ToText>
  ObjectText& list(std::string_view key, const Items& items, ToText to_text) {
    begin(key);
    char before = '[';  // written in place: with thousands of edits the list has megabytes
    for (const auto& item : items) {
      out_ += before;
      out_ += to_text(item);
      before = ',';
    }
    out_ += before == '[' ? "[]" : "]";
    return *this;
  }
  ObjectText& texts(std::string_view key, const std::vector<std::string>& items) {
    return list(key, items, [](const std::string& item) { return json::quote(item); });
  }
  /// The object is written; nothing more can be added.
  [[nodiscard]] std::string end() {
    out_ += '}';
    return std::move(out_);
  }

 private:
  void begin(std::string_view key) {
    out_ += out_.size() > 1 ? "," : "";
    out_ += json::quote(key);
    out_ += ':';
  }

  std::string out_ = "{";
};

std::string text_of(const model::DocumentEdit& edit) {
  return ObjectText()
      .text("document", model::to_string(edit.document))
      .texts("path", edit.path)
      .maybe("expected", edit.expected)
      .maybe("value", edit.value)
      .maybe("new_key", edit.new_key)
      .end();
}

std::string text_of(const ExactCopy& exact) {
  return ObjectText()
      .text("while_digest", exact.while_digest)
      .text("copy", exact.copy)
      .text("digest", exact.digest)
      .number("shared_by", static_cast<std::int64_t>(exact.shared_by))
      .end();
}

std::string text_of(const EditDocument& operation) {
  ObjectText object;
  object.text("kind", "edit_document").text("document", model::to_string(operation.document));
  if (operation.exact) object.raw("exact", text_of(*operation.exact));
  object.list("edits", operation.edits, [](const auto& edit) { return text_of(edit); });
  return object.flag("lay_out", operation.lay_out).text("kept", operation.kept).end();
}

std::string text_of(const ReplaceDocument& operation) {
  ObjectText object;
  object.text("kind", "replace_document").text("document", model::to_string(operation.document));
  object.maybe("expected_digest", operation.expected_digest);
  return object.text("digest", operation.digest).text("kept", operation.kept).end();
}

std::string text_of(const PublishDirectory& operation) {
  ObjectText object;
  object.text("kind", "publish_directory").text("plugin_id", operation.plugin_id);
  object.text("directory", operation.directory).text("staged", operation.staged).text("kept", operation.kept);
  object.text("entry", operation.entry).flag("accept_any_id", operation.accept_any_id);
  object.flag("as_shipped", operation.as_shipped);
  object.text("version", operation.version).text("digest", operation.digest);
  object.text("replaced_digest", operation.replaced_digest);
  return object.text("staged_inode", std::to_string(operation.staged_inode)).end();
}

std::string text_of(const SetDirectoryAside& operation) {
  ObjectText object;
  object.text("kind", "set_directory_aside").text("plugin_id", operation.plugin_id);
  object.text("directory", operation.directory).text("kept", operation.kept).text("digest", operation.digest);
  return object.end();
}

std::string text_of(const ExchangeDirectory& operation) {
  ObjectText object;
  object.text("kind", "exchange_directory").text("plugin_id", operation.plugin_id);
  object.text("directory", operation.directory).text("from", operation.from).text("to", operation.to);
  object.text("digest", operation.digest).text("replaced_digest", operation.replaced_digest);
  return object.text("inode", std::to_string(operation.inode)).end();
}

std::string text_of(const ChangeLink& operation) {
  ObjectText object;
  object.text("kind", "change_link").text("plugin_id", operation.plugin_id).text("directory", operation.directory);
  return object.maybe("from", operation.from).maybe("to", operation.to).end();
}

std::string text_of(const RenameUploads& operation) {
  ObjectText object;
  object.text("kind", "rename_uploads").text("from", operation.from).text("to", operation.to);
  return object.text("inode", std::to_string(operation.inode)).end();
}

std::string text_of(const model::ReceiptIndexEntry& receipt) {
  ObjectText object;
  object.text("plugin_id", receipt.plugin_id).text("directory", receipt.directory);
  return object.text("version", receipt.version).text("origin", receipt.origin).end();
}

std::string text_of(const model::Hold& hold) {
  ObjectText object;
  object.text("finding", hold.finding).text("evidence_digest", hold.evidence_digest).text("reason", hold.reason);
  return object.number("set_at", hold.set_at).number("lasts_seconds", hold.lasts_seconds).end();
}

std::string text_of(const LedgerEffects& effects) {
  ObjectText object;
  object.list("receipts_put", effects.receipts_put, [](const auto& receipt) { return text_of(receipt); });
  object.texts("receipts_removed", effects.receipts_removed).texts("tombstones_put", effects.tombstones_put);
  object.texts("tombstones_removed", effects.tombstones_removed);
  object.list("holds_put", effects.holds_put, [](const auto& hold) { return text_of(hold); });
  object.texts("holds_removed", effects.holds_removed);
  return object.end();
}

std::string text_of(const Deed& deed) {
  ObjectText object;
  object.text("verb", deed.verb).text("plugin_id", deed.plugin_id).text("reason", deed.reason);
  object.text("finding", deed.finding).text("result", deed.result);
  object.list("parts", deed.parts,
              [](const Deed::Part& part) { return fmt::format("[{},{},{}]", part.operation, part.first, part.count); });
  if (deed.undoes) object.number("undoes", *deed.undoes);
  if (deed.effects != LedgerEffects{}) object.raw("effects", text_of(deed.effects));
  if (deed.effects_of_undoing != LedgerEffects{}) object.raw("effects_of_undoing", text_of(deed.effects_of_undoing));
  return object.end();
}

// --- reading -------------------------------------------------------------------------------------------------------

/// Reads members and remembers the first that is not as it should be.
class ObjectReader {
 public:
  explicit ObjectReader(const Value& object) : object_(object) {
    if (!object.is_object()) bad_ = "an object";
  }
  void text(std::string_view key, std::string& out) {
    if (const auto value = member(key)) take(key, value->string(), out);
  }
  void maybe(std::string_view key, std::optional<std::string>& out) {
    if (const auto value = member(key)) take(key, value->string(), out.emplace());
  }
  void flag(std::string_view key, bool& out) {
    if (const auto value = member(key)) take(key, value->boolean(), out);
  }
  template <typename Number>
  void number(std::string_view key, Number& out) {
    std::int64_t read = 0;
    if (const auto value = member(key); value && take(key, value->integer(), read)) out = static_cast<Number>(read);
  }
  /// As text: it may be larger than what a JSON number is trusted with.
  void inode(std::string_view key, std::uint64_t& out) {
    std::string digits;
    text(key, digits);
    if (digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 20) {
      bad_ = key;
    } else if (!digits.empty()) {
      out = std::strtoull(digits.c_str(), nullptr, 10);
    }
  }
  template <typename Item, typename Read>
  void list(std::string_view key, std::vector<Item>& out, Read read) {
    const auto value = member(key);
    if (!value) return;
    if (!value->is_array()) bad_ = key;
    for (const Value element : value->elements()) {
      Item item{};
      if (!read(element, item)) bad_ = key;
      out.push_back(std::move(item));
    }
  }
  void texts(std::string_view key, std::vector<std::string>& out) {
    list(key, out, [](const Value& element, std::string& item) {
      const auto text = element.string();
      if (text) item = *text;
      return text.has_value();
    });
  }
  void document(std::string_view key, model::DocumentName& out) {
    std::string name;
    text(key, name);
    for (const auto document : model::kAllDocuments) {
      if (model::to_string(document) == name) {
        out = document;
        return;
      }
    }
    bad_ = key;
  }
  [[nodiscard]] std::optional<Value> member(std::string_view key) const { return object_.find(key); }
  [[nodiscard]] bool good() const { return bad_.empty(); }

 private:
  template <typename Read, typename Out>
  bool take(std::string_view key, const Read& read, Out& out) {
    if (read) out = *read;
    if (!read) bad_ = key;
    return read.has_value();
  }

  Value object_;
  std::string bad_;
};

bool read(const Value& value, model::DocumentEdit& edit) {
  ObjectReader reader(value);
  reader.document("document", edit.document);
  reader.texts("path", edit.path);
  reader.maybe("expected", edit.expected);
  reader.maybe("value", edit.value);
  reader.maybe("new_key", edit.new_key);
  return reader.good();
}

bool read(const Value& value, EditDocument& operation) {
  ObjectReader reader(value);
  reader.document("document", operation.document);
  reader.list("edits", operation.edits, [](const Value& element, auto& edit) { return read(element, edit); });
  reader.flag("lay_out", operation.lay_out);
  reader.text("kept", operation.kept);
  if (const auto exact = reader.member("exact")) {
    ObjectReader inner(*exact);
    operation.exact.emplace();
    inner.text("while_digest", operation.exact->while_digest);
    inner.text("copy", operation.exact->copy);
    inner.text("digest", operation.exact->digest);
    inner.number("shared_by", operation.exact->shared_by);
    if (!inner.good()) return false;
  }
  return reader.good();
}

bool read(const Value& value, ReplaceDocument& operation) {
  ObjectReader reader(value);
  reader.document("document", operation.document);
  reader.maybe("expected_digest", operation.expected_digest);
  reader.text("digest", operation.digest);
  reader.text("kept", operation.kept);
  return reader.good();
}

bool read(const Value& value, PublishDirectory& operation) {
  ObjectReader reader(value);
  reader.text("plugin_id", operation.plugin_id);
  reader.text("directory", operation.directory);
  reader.text("staged", operation.staged);
  reader.text("kept", operation.kept);
  reader.text("entry", operation.entry);
  reader.flag("accept_any_id", operation.accept_any_id);
  reader.flag("as_shipped", operation.as_shipped);
  reader.text("version", operation.version);
  reader.text("digest", operation.digest);
  reader.text("replaced_digest", operation.replaced_digest);
  reader.inode("staged_inode", operation.staged_inode);
  return reader.good();
}

bool read(const Value& value, SetDirectoryAside& operation) {
  ObjectReader reader(value);
  reader.text("plugin_id", operation.plugin_id);
  reader.text("directory", operation.directory);
  reader.text("kept", operation.kept);
  reader.text("digest", operation.digest);
  return reader.good();
}

bool read(const Value& value, ExchangeDirectory& operation) {
  ObjectReader reader(value);
  reader.text("plugin_id", operation.plugin_id);
  reader.text("directory", operation.directory);
  reader.text("from", operation.from);
  reader.text("to", operation.to);
  reader.text("digest", operation.digest);
  reader.text("replaced_digest", operation.replaced_digest);
  reader.inode("inode", operation.inode);
  return reader.good();
}

bool read(const Value& value, ChangeLink& operation) {
  ObjectReader reader(value);
  reader.text("plugin_id", operation.plugin_id);
  reader.text("directory", operation.directory);
  reader.maybe("from", operation.from);
  reader.maybe("to", operation.to);
  return reader.good();
}

bool read(const Value& value, RenameUploads& operation) {
  ObjectReader reader(value);
  reader.text("from", operation.from);
  reader.text("to", operation.to);
  reader.inode("inode", operation.inode);
  return reader.good();
}

bool read(const Value& value, Operation& operation) {
  std::string kind;
  ObjectReader(value).text("kind", kind);
  const auto as = [&](auto empty) {
    const bool good = read(value, empty);
    operation = std::move(empty);
    return good;
  };
  if (kind == "edit_document") return as(EditDocument{});
  if (kind == "replace_document") return as(ReplaceDocument{});
  if (kind == "publish_directory") return as(PublishDirectory{});
  if (kind == "set_directory_aside") return as(SetDirectoryAside{});
  if (kind == "exchange_directory") return as(ExchangeDirectory{});
  if (kind == "change_link") return as(ChangeLink{});
  if (kind == "rename_uploads") return as(RenameUploads{});
  return false;
}

bool read(const Value& value, LedgerEffects& effects) {
  ObjectReader reader(value);
  reader.list("receipts_put", effects.receipts_put, [](const Value& element, model::ReceiptIndexEntry& receipt) {
    ObjectReader inner(element);
    inner.text("plugin_id", receipt.plugin_id);
    inner.text("directory", receipt.directory);
    inner.text("version", receipt.version);
    inner.text("origin", receipt.origin);
    return inner.good();
  });
  reader.texts("receipts_removed", effects.receipts_removed);
  reader.texts("tombstones_put", effects.tombstones_put);
  reader.texts("tombstones_removed", effects.tombstones_removed);
  reader.list("holds_put", effects.holds_put, [](const Value& element, model::Hold& hold) {
    ObjectReader inner(element);
    inner.text("finding", hold.finding);
    inner.text("evidence_digest", hold.evidence_digest);
    inner.text("reason", hold.reason);
    inner.number("set_at", hold.set_at);
    inner.number("lasts_seconds", hold.lasts_seconds);
    return inner.good();
  });
  reader.texts("holds_removed", effects.holds_removed);
  return reader.good();
}

bool read_part(const Value& value, Deed::Part& part) {
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

bool read(const Value& value, Deed& deed) {
  ObjectReader reader(value);
  reader.text("verb", deed.verb);
  reader.text("plugin_id", deed.plugin_id);
  reader.text("reason", deed.reason);
  reader.text("finding", deed.finding);
  reader.text("result", deed.result);
  reader.list("parts", deed.parts, read_part);
  if (reader.member("undoes")) reader.number("undoes", deed.undoes.emplace());
  if (const auto effects = reader.member("effects"); effects && !read(*effects, deed.effects)) return false;
  const auto undoing = reader.member("effects_of_undoing");
  if (undoing && !read(*undoing, deed.effects_of_undoing)) return false;
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

std::string to_json(const Operation& operation) {
  return std::visit([](const auto& kind) { return text_of(kind); }, operation);
}

std::string to_json(const std::vector<Operation>& operations) {
  std::string out = "[";
  for (const auto& operation : operations) {
    if (out.size() > 1) out += ',';
    out += to_json(operation);
  }
  out += ']';
  return out;
}

Result<std::vector<Operation>> operations_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::string(text)));
  if (!document.root().is_array()) return not_ours();
  std::vector<Operation> operations;
  for (const Value element : document.root().elements()) {
    if (!read(element, operations.emplace_back())) return not_ours();
  }
  return operations;
}

std::string to_json(const Undertaking& undertaking) {
  ObjectText object;
  object.text("plugins_path", undertaking.plugins_path).number("kept_number", undertaking.kept_number);
  object.flag("whole", undertaking.whole);
  object.list("deeds", undertaking.deeds, [](const Deed& deed) { return text_of(deed); });
  object.list("operations", undertaking.operations, [](const Operation& operation) { return to_json(operation); });
  return object.end();
}

Result<Undertaking> undertaking_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::string(text)));
  Undertaking undertaking;
  ObjectReader reader(document.root());
  reader.text("plugins_path", undertaking.plugins_path);
  reader.number("kept_number", undertaking.kept_number);
  reader.flag("whole", undertaking.whole);
  reader.list("deeds", undertaking.deeds, [](const Value& element, Deed& deed) { return read(element, deed); });
  reader.list("operations", undertaking.operations,
              [](const Value& element, Operation& operation) { return read(element, operation); });
  if (!reader.good() || !parts_fit(undertaking)) return not_ours();
  return undertaking;
}

std::string to_json(const Inverse& inverse) {
  ObjectText object;
  object.text("finding", inverse.finding).raw("operations", to_json(inverse.operations));
  return object.raw("effects", text_of(inverse.effects)).end();
}

Result<Inverse> inverse_from_json(std::string_view text) {
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::string(text)));
  Inverse inverse;
  ObjectReader reader(document.root());
  reader.text("finding", inverse.finding);
  reader.list("operations", inverse.operations,
              [](const Value& element, Operation& operation) { return read(element, operation); });
  const auto effects = reader.member("effects");
  if (!reader.good() || (effects && !read(*effects, inverse.effects))) return not_ours();
  return inverse;
}

}  // namespace trueup::engine
