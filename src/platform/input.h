// What a person or another program hands in at standard input: a port, so that a test can be either.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/result.h"

namespace trueup::platform {

class Input {
 public:
  virtual ~Input() = default;
  /// A person types, and may be asked.
  [[nodiscard]] virtual bool is_terminal() const = 0;
  /// Everything to the end. Error: invalid, when it is more than `limit` bytes.
  virtual Result<std::string> read_all(std::size_t limit) = 0;
  /// One line that does not show while it is typed, without its end. Error: refused, when the person breaks it off.
  virtual Result<std::string> read_hidden_line(std::size_t limit) = 0;
};

class RealInput final : public Input {
 public:
  [[nodiscard]] bool is_terminal() const override;
  Result<std::string> read_all(std::size_t limit) override;
  Result<std::string> read_hidden_line(std::size_t limit) override;
};

/// Text that was handed in already, as if piped in or, with `typed`, as if typed.
class GivenInput final : public Input {
 public:
  explicit GivenInput(std::string text = {}, bool typed = false) : text_(std::move(text)), typed_(typed) {}
  [[nodiscard]] bool is_terminal() const override { return typed_; }
  Result<std::string> read_all(std::size_t) override { return text_; }
  Result<std::string> read_hidden_line(std::size_t) override { return text_.substr(0, text_.find('\n')); }

 private:
  std::string text_;
  bool typed_;
};

}  // namespace trueup::platform
