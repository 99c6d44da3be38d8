// The parser behind Document::parse. Private to src/json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/content.h"
#include "json/number.h"
#include "json/position.h"

namespace trueup::json {

/// One pass over the bytes with an explicit chain of parents instead of recursion, so that no depth of nesting can
/// overflow the stack.
class Parser {
 public:
  Parser(Content& content, Dialect dialect, std::size_t max_depth);

  Status run();

 private:
  // Each returns false after noting what is wrong.
  bool document();
  bool key();
  bool value();
  bool open(Kind kind);
  bool close(char bracket);
  bool after_value(bool& complete);
  bool scalar();
  bool string(std::uint8_t& flags, std::uint8_t escaped_flag);
  bool escape();
  bool number();
  bool finish_number(std::size_t begin, std::size_t whole_digits, bool integer);
  bool word(std::string_view spelling, Kind kind, std::uint8_t flags);

  bool fail(std::size_t offset, std::string_view message);
  bool fail_value();
  bool fail_key();
  bool fail_control(std::size_t string_begin, unsigned char byte);
  bool fail_after_value();
  bool fail_end();
  bool precheck();

  void skip_space() {
    if (at_ < size_ && data_[at_] <= ' ') skip_all_space();
  }
  void skip_all_space();
  bool add(Kind kind, std::size_t begin, std::uint8_t flags);
  void note(NoteKind kind, std::size_t offset, std::string_view key = {});
  void find_duplicates(std::uint32_t object);
  [[nodiscard]] bool perhaps_duplicates(std::uint32_t object) const;
  void find_duplicates_few(std::uint32_t object);
  void find_duplicates_many(std::uint32_t object);
  void mark_duplicates(std::uint32_t object, const std::vector<std::uint32_t>& same_key);
  void finish_notes();

  [[nodiscard]] bool at_end() const { return at_ >= size_; }
  [[nodiscard]] char peek() const { return at_ < size_ ? data_[at_] : '\0'; }

  Content& content_;
  const char* data_;
  std::size_t size_;
  Dialect dialect_;
  std::size_t max_depth_;
  std::size_t depth_ = 0;
  std::size_t at_ = 0;
  std::uint32_t current_ = kNoNode;  // the container that is open
  std::uint32_t key_begin_ = 0;      // of the member whose value comes next
  std::uint32_t key_end_ = 0;
  std::uint8_t key_flags_ = 0;
  std::optional<Error> error_;
};

}  // namespace trueup::json
