// A table for people: aligned columns on a terminal, plain tab-separated lines in a pipe.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/text.h"

namespace trueup::cli {

struct Cell {
  std::string text;  // safe to print already
  Colour colour = Colour::plain;
};

class Table {
 public:
  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// The last column is wrapped to what room is left. A pipe gets no head: every line is a record.
  [[nodiscard]] std::string text(const Terminal& terminal) const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace trueup::cli
