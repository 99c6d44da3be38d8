#include "json/write.h"

#include <algorithm>
#include <cmath>

#include "json/number.h"

namespace trueup::json {

Writer& Writer::begin_object() {
  begin(true);
  return *this;
}

Writer& Writer::begin_array() {
  begin(false);
  return *this;
}

Writer& Writer::end_object() {
  end('}');
  return *this;
}

Writer& Writer::end_array() {
  end(']');
  return *this;
}

void Writer::begin(bool object) {
  before_value();
  out_ += object ? '{' : '[';
  Frame frame;
  frame.object = object;
  frame.begin = out_.size();
  frames_.push_back(std::move(frame));
}

void Writer::end(char bracket) {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (layout_.sort_keys && frame.object) sort(frame);
  if (frame.count > 0 && layout_.indent > 0) out_ += line_break(frames_.size());
  out_ += bracket;
}

Writer& Writer::key(std::string_view key) {
  Frame& frame = frames_.back();
  if (layout_.sort_keys) {
    frame.entries.push_back({std::string(key), out_.size()});
    ++frame.count;
  } else {
    separate();
  }
  append_quoted(out_, key);
  out_ += layout_.compact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

void Writer::before_value() {
  if (!after_key_ && !frames_.empty()) separate();
  after_key_ = false;
}

/// The comma and line break before a member or element.
void Writer::separate() {
  Frame& frame = frames_.back();
  if (frame.count > 0) out_ += layout_.indent > 0 || layout_.compact ? "," : ", ";
  if (layout_.indent > 0) out_ += line_break(frames_.size());
  ++frame.count;
}

/// Members were written one behind the other; now their order is known.
void Writer::sort(const Frame& frame) {
  std::vector<std::size_t> order(frame.entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return frame.entries[a].key < frame.entries[b].key; });
  std::string sorted;
  for (const std::size_t i : order) {
    if (!sorted.empty()) sorted += layout_.indent > 0 || layout_.compact ? "," : ", ";
    if (layout_.indent > 0) sorted += line_break(frames_.size() + 1);
    const std::size_t end = i + 1 < frame.entries.size() ? frame.entries[i + 1].begin : out_.size();
    sorted.append(out_, frame.entries[i].begin, end - frame.entries[i].begin);
  }
  out_.replace(frame.begin, std::string::npos, sorted);
}

std::string Writer::line_break(std::size_t depth) const {
  return "\n" + std::string(depth * static_cast<std::size_t>(layout_.indent), ' ');
}

Writer& Writer::null() { return raw("null"); }
Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::integer(std::int64_t value) { return raw(std::to_string(value)); }
Writer& Writer::string(std::string_view value) {
  before_value();
  append_quoted(out_, value);
  return *this;
}

Writer& Writer::number(double value) {
  if (std::isnan(value)) return raw("NaN");
  if (std::isinf(value)) return raw(value > 0 ? "Infinity" : "-Infinity");
  return raw(python_float(value));
}

Writer& Writer::raw(std::string_view text) {
  before_value();
  out_ += text;
  return *this;
}

// Recursion is bounded by the depth that the parser accepts.
Writer& Writer::value(Value value) {
  switch (value.kind()) {
    case Kind::object:
      begin_object();
      for (const Member& member : value.members()) key(member.key).value(member.value);
      return end_object();
    case Kind::array:
      begin_array();
      for (const Value element : value.elements()) this->value(element);
      return end_array();
    case Kind::string: return string(*value.string());
    case Kind::null: [[fallthrough]];
    case Kind::boolean: [[fallthrough]];
    case Kind::number: return raw(value.text());
  }
  return *this;
}

std::string Writer::text() && { return std::move(out_); }

}  // namespace trueup::json
