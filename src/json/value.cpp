#include "json/value.h"

#include <algorithm>
#include <charconv>

#include "json/content.h"
#include "json/number.h"

namespace trueup::json {

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "true or false";
    case Kind::number: return "a number";
    case Kind::string: return "text";
    case Kind::array: return "a list";
    case Kind::object: return "an object";
  }
  return "a value";
}

Kind Value::kind() const { return content_->nodes[node_].kind; }
std::size_t Value::begin() const { return content_->nodes[node_].begin; }
std::size_t Value::end() const { return content_->nodes[node_].end; }
std::string_view Value::text() const { return content_->text(begin(), end()); }
LineColumn Value::line_column() const { return json::line_column(content_->bytes, begin()); }

std::optional<bool> Value::boolean() const {
  if (!is_boolean()) return std::nullopt;
  return content_->bytes[begin()] == 't';
}

std::optional<std::string> Value::string() const {
  if (!is_string()) return std::nullopt;
  const std::string_view inside = content_->text(begin() + 1, end() - 1);
  if ((content_->nodes[node_].flags & kEscapedText) == 0) return std::string(inside);
  std::string out;
  decode_string(inside, out);
  return out;
}

std::optional<double> Value::number() const {
  if (!is_number()) return std::nullopt;
  return parse_number(text());
}

bool Value::is_integer() const { return (content_->nodes[node_].flags & kWholeNumber) != 0; }

std::optional<std::int64_t> Value::integer() const {
  if (!is_integer()) return std::nullopt;
  std::int64_t number = 0;
  const std::string_view digits = text();
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

std::size_t Value::size() const { return content_->nodes[node_].count; }

std::optional<Value> Value::find(std::string_view key) const {
  if (!is_object()) return std::nullopt;
  const Node& object = content_->nodes[node_];
  const bool unescaped = key.find('\\') == std::string_view::npos;
  for (std::uint32_t node = node_ + 1; node < object.next; node = content_->nodes[node].next) {
    const Node& member = content_->nodes[node];
    const bool escaped = (member.flags & kEscapedKey) != 0;
    if (!escaped && (!unescaped || member.key_end - member.key_begin != key.size() + 2)) continue;
    if (content_->key(node) == key) return Value(content_, content_->winner(node));
  }
  return std::nullopt;
}

std::optional<Value> Value::at(std::size_t index) const {
  if (!is_array() || index >= size()) return std::nullopt;
  std::uint32_t node = node_ + 1;
  for (; index > 0; --index) node = content_->nodes[node].next;
  return Value(content_, node);
}

MemberRange Value::members() const {
  const std::uint32_t end = is_object() ? content_->nodes[node_].next : node_ + 1;
  const bool collapse = (content_->nodes[node_].flags & kDuplicateKeys) != 0;
  return {MemberIterator(content_, node_ + 1, end, collapse), MemberIterator(content_, end, end, collapse)};
}

MemberRange Value::raw_members() const {
  const std::uint32_t end = is_object() ? content_->nodes[node_].next : node_ + 1;
  return {MemberIterator(content_, node_ + 1, end, false), MemberIterator(content_, end, end, false)};
}

ElementRange Value::elements() const {
  const std::uint32_t end = is_array() ? content_->nodes[node_].next : node_ + 1;
  return {ElementIterator(content_, node_ + 1), ElementIterator(content_, end)};
}

MemberIterator::MemberIterator(const Content* content, std::uint32_t node, std::uint32_t end, bool collapse)
    : content_(content), node_(node), end_(end), collapse_(collapse) {
  settle();
}

Member MemberIterator::operator*() const {
  const Node& node = content_->nodes[node_];
  const std::uint32_t value = collapse_ ? content_->winner(node_) : node_;
  return {content_->key(node_), Value(content_, value), node.key_begin, node.key_end};
}

MemberIterator& MemberIterator::operator++() {
  node_ = content_->nodes[node_].next;
  settle();
  return *this;
}

void MemberIterator::settle() {
  while (collapse_ && node_ < end_ && content_->winner(node_) == kNoNode) node_ = content_->nodes[node_].next;
}

ElementIterator& ElementIterator::operator++() {
  node_ = content_->nodes[node_].next;
  return *this;
}

MemberIndex::MemberIndex(Value object) {
  members_.reserve(object.size());
  for (const Member& member : object.members()) members_.push_back(member);
  std::sort(members_.begin(), members_.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
}

std::optional<Value> MemberIndex::find(std::string_view key) const {
  const auto found =
      std::lower_bound(members_.begin(), members_.end(), key,
                       [](const Member& member, std::string_view wanted) { return member.key < wanted; });
  if (found == members_.end() || found->key != key) return std::nullopt;
  return found->value;
}

}  // namespace trueup::json
