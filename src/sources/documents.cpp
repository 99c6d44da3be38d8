#include "sources/documents.h"

#include <fmt/format.h>

#include "base/memory.h"
#include "model/observation.h"
#include "sources/damaged_text.h"

namespace trueup::sources {
namespace {

/// What a document with thousands of plugins comes to as values, facts and findings.
constexpr std::size_t kHeapPerByte = 12;

}  // namespace

Result<json::Document> parse_document(std::string bytes) { return take_document(bytes); }

Result<json::Document> take_document(std::string& bytes) {
  if (std::string accident = common_accident(bytes); !accident.empty()) {
    return Error{.code = ErrorCode::unreadable, .message = std::move(accident)};
  }
  expect_heap(bytes.size() * kHeapPerByte);
  return json::Document::take(bytes, json::Dialect::python);
}

Result<json::Document> parse_object(std::string bytes) { return take_object(bytes); }

Result<json::Document> take_object(std::string& bytes) {
  ASSIGN_OR_RETURN(json::Document document, take_document(bytes));
  const json::Kind kind = document.root().kind();
  if (kind != json::Kind::object) {
    bytes = document.bytes();
    return Error{.code = ErrorCode::unreadable,
                 .message = fmt::format("{}: it is {}, where an object belongs", place_of(document.root()),
                                        json::describe(kind))};
  }
  return document;
}

std::string text_or_empty(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : "";
}

namespace {

std::string in_words(json::LineColumn place) { return fmt::format("line {}, column {}", place.line, place.column); }

}  // namespace

std::string place_of(json::Value value) { return in_words(value.line_column()); }

std::string Places::of(json::Value value) {
  if (value.begin() < offset_) {
    offset_ = 0;
    place_ = {};
  }
  const std::size_t distance = value.begin() - offset_;
  const json::LineColumn further = json::line_column(bytes_.substr(offset_), distance);
  place_ = {.line = place_.line + further.line - 1,
            .column = further.line == 1 ? place_.column + further.column - 1 : further.column};
  offset_ = value.begin();
  return in_words(place_);
}

std::string_view type_name(json::Kind kind) {
  switch (kind) {
    case json::Kind::null: return "null";
    case json::Kind::boolean: return "boolean";
    case json::Kind::number: return "number";
    case json::Kind::string: return "string";
    case json::Kind::array: return "array";
    case json::Kind::object: return "object";
  }
  return "null";
}

std::string text_without_secrets(json::Value value) {
  switch (value.kind()) {
    case json::Kind::null:
    case json::Kind::boolean:
    case json::Kind::number: return std::string(value.text());
    case json::Kind::string:
    case json::Kind::array:
    case json::Kind::object: return std::string(model::kNotShown);
  }
  return std::string(model::kNotShown);
}

}  // namespace trueup::sources
