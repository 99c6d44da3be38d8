// A value inside a parsed document: a small view that any number of readers may copy.
//
// A Value points into its Document's content and stays good for as long as that Document, or a copy of it, lives.
// What Python's json.load would give for the same file is what a Value gives: of duplicate keys the last wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::json {

struct Content;

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// "null", "true or false", "a number", "text", "a list", "an object": for messages.
std::string_view describe(Kind kind);

struct LineColumn {
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // from 1, in characters

  bool operator==(const LineColumn&) const = default;
};

/// Where `offset` stands in `bytes`. A line ends with LF, CR LF or CR.
LineColumn line_column(std::string_view bytes, std::size_t offset);

class MemberRange;
class ElementRange;

class Value {
 public:
  Value(const Content* content, std::uint32_t node) : content_(content), node_(node) {}

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_boolean() const { return kind() == Kind::boolean; }
  [[nodiscard]] bool is_number() const { return kind() == Kind::number; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
  [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind() == Kind::object; }

  [[nodiscard]] std::optional<bool> boolean() const;
  /// Decoded. UTF-8, except that a lone \ud800..\udfff becomes its three bytes (WTF-8), so that nothing is lost and
  /// equal means equal; json::quote() writes it back as the escape that it was.
  [[nodiscard]] std::optional<std::string> string() const;
  /// As Python's float: 1e999 is infinity, NaN is NaN. A whole number beyond a double's range gives infinity.
  [[nodiscard]] std::optional<double> number() const;
  /// A number written without fraction and exponent, which Python reads as an int.
  [[nodiscard]] bool is_integer() const;
  /// Such a number, where it fits.
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  /// The value's own bytes in the file.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::size_t begin() const;
  [[nodiscard]] std::size_t end() const;
  [[nodiscard]] LineColumn line_column() const;

  /// Members (duplicates count once) or elements; 0 for anything else.
  [[nodiscard]] std::size_t size() const;
  /// The member that Python sees. Walks the object: for many look-ups in one object use a MemberIndex.
  [[nodiscard]] std::optional<Value> find(std::string_view key) const;
  /// The element, counted from 0. Walks the array: to visit all, use elements().
  [[nodiscard]] std::optional<Value> at(std::size_t index) const;

  /// Each key once, as Python's dict has them: the place of the first, the value of the last. Empty for a non-object.
  [[nodiscard]] MemberRange members() const;
  /// As written in the file, duplicates and all.
  [[nodiscard]] MemberRange raw_members() const;
  /// Empty for a non-array.
  [[nodiscard]] ElementRange elements() const;

  [[nodiscard]] const Content* content() const { return content_; }
  [[nodiscard]] std::uint32_t node() const { return node_; }

 private:
  const Content* content_;
  std::uint32_t node_;
};

struct Member {
  std::string_view key;  // decoded as Value::string() is; stays good as long as the Document
  Value value;
  std::size_t key_begin = 0;  // the key with its quotes, in the file
  std::size_t key_end = 0;
};

class MemberIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Member;
  using difference_type = std::ptrdiff_t;
  using pointer = const Member*;
  using reference = Member;

  MemberIterator(const Content* content, std::uint32_t node, std::uint32_t end, bool collapse);

  Member operator*() const;
  MemberIterator& operator++();
  bool operator==(const MemberIterator& other) const { return node_ == other.node_; }

 private:
  void settle();  // moves past members whose key stood earlier

  const Content* content_;
  std::uint32_t node_;
  std::uint32_t end_;
  bool collapse_;
};

class MemberRange {
 public:
  MemberRange(MemberIterator begin, MemberIterator end) : begin_(begin), end_(end) {}
  [[nodiscard]] MemberIterator begin() const { return begin_; }
  [[nodiscard]] MemberIterator end() const { return end_; }

 private:
  MemberIterator begin_;
  MemberIterator end_;
};

class ElementIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Value;
  using difference_type = std::ptrdiff_t;
  using pointer = const Value*;
  using reference = Value;

  ElementIterator(const Content* content, std::uint32_t node) : content_(content), node_(node) {}

  Value operator*() const { return {content_, node_}; }
  ElementIterator& operator++();
  bool operator==(const ElementIterator& other) const { return node_ == other.node_; }

 private:
  const Content* content_;
  std::uint32_t node_;
};

class ElementRange {
 public:
  ElementRange(ElementIterator begin, ElementIterator end) : begin_(begin), end_(end) {}
  [[nodiscard]] ElementIterator begin() const { return begin_; }
  [[nodiscard]] ElementIterator end() const { return end_; }

 private:
  ElementIterator begin_;
  ElementIterator end_;
};

/// Look-ups by key in one large object, in logarithmic time whatever the keys are (sorted, so no key can be chosen
/// to make it slow). Good for as long as the Document.
class MemberIndex {
 public:
  explicit MemberIndex(Value object);

  [[nodiscard]] std::optional<Value> find(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return members_.size(); }

 private:
  std::vector<Member> members_;
};

}  // namespace trueup::json
