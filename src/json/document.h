// JSON text, parsed to spans: the bytes stay as they are, and every value knows where it stands in them.
//
// This is the one JSON reader of trueup. It accepts exactly what Python's json.load accepts (formats.md 0.1), since a
// file that LEDMatrix reads must never be called broken and one that it cannot read must be reported. It never
// recurses, never repairs, and has no input or output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "json/value.h"

namespace trueup::json {

enum class Dialect : std::uint8_t {
  python,  // also NaN, Infinity, -Infinity; refuses whole numbers of more than 4300 digits, as Python 3.11 does
  strict,  // RFC 8259
};

enum class NoteKind : std::uint8_t {
  duplicate_key,   // the key stood earlier in the same object: what stood there is not seen
  non_finite,      // NaN, Infinity, or a number too large for a double, such as 1e999
  lone_surrogate,  // \ud800 and the like without its other half: no text
};

/// Something that is allowed and still worth telling.
struct Note {
  NoteKind kind = NoteKind::duplicate_key;
  std::string key;  // the duplicate key; empty for the other kinds
  std::size_t offset = 0;
  LineColumn position;

  bool operator==(const Note&) const = default;
};

class Document {
 public:
  /// Error: unreadable, "line 3, column 7: ..." in plain words. `max_depth` above limits::kMaxJsonDepth counts as that.
  static Result<Document> parse(std::string bytes, Dialect dialect = Dialect::python,
                                std::size_t max_depth = limits::kMaxJsonDepth);
  /// The same without a copy: the bytes move into the document, and stay where they are after an error.
  static Result<Document> take(std::string& bytes, Dialect dialect = Dialect::python,
                               std::size_t max_depth = limits::kMaxJsonDepth);

  [[nodiscard]] const std::string& bytes() const;
  [[nodiscard]] Value root() const;
  /// In the order of the file; at most limits::kMaxJsonNotes, the rest is left out.
  [[nodiscard]] const std::vector<Note>& notes() const;

 private:
  explicit Document(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;  // never changes once parsed: a copy of a Document is cheap
};

}  // namespace trueup::json
