// How the decoders of this layer read JSON: one dialect, one set of sentences, one way to treat a wrong type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/document.h"

namespace trueup::sources {

/// As Python's json.load reads a UTF-8 file. Error: unreadable, a sentence without the file's name, with line and
/// column where one place is to blame.
Result<json::Document> parse_document(std::string bytes);

/// The same, and the outermost value is an object.
Result<json::Document> parse_object(std::string bytes);

/// The same for files of many megabytes: the bytes move into the document, and stay where they are after an error.
Result<json::Document> take_document(std::string& bytes);
Result<json::Document> take_object(std::string& bytes);

/// The member's text, or empty when it is not there or no string.
std::string text_or_empty(json::Value object, std::string_view key);

/// "line 3, column 7".
std::string place_of(json::Value value);

/// The same for many values of one document in their order, in one walk over its bytes.
class Places {
 public:
  explicit Places(std::string_view bytes) : bytes_(bytes) {}
  std::string of(json::Value value);

 private:
  std::string_view bytes_;
  std::size_t offset_ = 0;
  json::LineColumn place_ = {};  // of offset_
};

/// JSON type as the model spells it: "object", "array", "string", "number", "boolean", "null".
std::string_view type_name(json::Kind kind);

/// The value as JSON text when it can hold no secret (true, false, null, a number), else "(not shown)".
std::string text_without_secrets(json::Value value);

}  // namespace trueup::sources
