// Where the command's words go, and what the place they go to can show.
//
// A port: main() hands in standard output and error, tests hand in strings. Nothing here decides what is said, and
// nothing else in this layer writes to the outside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "platform/environment.h"

namespace trueup::cli {

/// What standard output can show. The defaults are those of a pipe: plain lines of any length.
struct Terminal {
  bool interactive = false;  // a person looks at it: aligned tables, wrapped lines
  bool colours = false;
  std::size_t columns = 80;  // counts only when interactive
  std::size_t rows = 24;

  bool operator==(const Terminal&) const = default;
};

/// A terminal by what the system and the environment say: NO_COLOR and TERM=dumb switch colours off, COLUMNS and LINES
/// stand in where the terminal does not tell its size (0).
Terminal terminal_from(bool interactive, std::size_t columns, std::size_t rows,
                       const platform::Environment& environment);

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void write(std::string_view text) = 0;
};

class StringSink final : public Sink {
 public:
  void write(std::string_view text) override { text_ += text; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Console {
  Sink& out;
  Sink& err;
  Terminal terminal;
};

}  // namespace trueup::cli
