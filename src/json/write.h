// New JSON text in the layout of Python's json.dumps, byte for byte: trueup's own output, and whole new files that
// LEDMatrix will read and write again.
//
// Text that exists is never written through here; json/edit.h changes it in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace trueup::json {

/// `text` as a JSON string in ASCII, as json.dumps writes it. A lone surrogate (Value::string()) becomes its escape
/// again; any other byte that is not UTF-8 becomes \udc80..\udcff, as Python names such bytes of file names.
std::string quote(std::string_view text);
/// The same behind what is already there.
void append_quoted(std::string& out, std::string_view text);

/// Whether `text` is what Value::string() can give: UTF-8 but for lone surrogates. Only such text survives quote().
bool is_text(std::string_view text);

struct Layout {
  int indent = 0;          // 0: one line with ", " and ": "; 2 and 4 are what LEDMatrix writes
  bool sort_keys = false;  // by code point, as json.dumps(sort_keys=True)
  bool compact = false;    // one line with "," and ":", as separators=(",", ":")

  bool operator==(const Layout&) const = default;
};

/// Writer out({.indent = 2});
/// out.begin_object();
/// out.key("schema").integer(1);
/// out.key("steps").begin_array();  ...  out.end_array();
/// out.end_object();
/// std::string text = std::move(out).text();   // no line break at the end
///
/// Requires: calls that make one well-formed value; each key once per object.
class Writer {
 public:
  explicit Writer(Layout layout = {}) : layout_(layout) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view key);

  Writer& null();
  Writer& boolean(bool value);
  Writer& integer(std::int64_t value);
  Writer& number(double value);  // as Python's repr: 1.0, 1e+16, NaN
  Writer& string(std::string_view value);
  /// A parsed value laid out anew: duplicates collapsed, escapes as json.dumps has them, numbers as spelled.
  Writer& value(Value value);
  /// JSON text as it stands.
  Writer& raw(std::string_view text);

  [[nodiscard]] std::string text() &&;

 private:
  struct Entry {
    std::string key;
    std::size_t begin;  // in out_
  };
  struct Frame {
    bool object = false;
    std::size_t begin = 0;  // in out_, behind the bracket
    std::size_t count = 0;
    std::vector<Entry> entries;  // only where keys are sorted
  };

  void begin(bool object);
  void end(char bracket);
  void before_value();
  void separate();
  void sort(const Frame& frame);
  [[nodiscard]] std::string line_break(std::size_t depth) const;

  Layout layout_;
  std::string out_;
  std::vector<Frame> frames_;
  bool after_key_ = false;
};

}  // namespace trueup::json
