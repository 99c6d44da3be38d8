#include "cli/table.h"

#include <algorithm>

namespace trueup::cli {
namespace {

constexpr std::size_t kGap = 2;

std::string plain_lines(const std::vector<std::vector<Cell>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += '\t';
      out += row[i].text;
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string Table::text(const Terminal& terminal) const {
  if (!terminal.interactive) return plain_lines(rows_);
  std::vector<std::size_t> widths;
  for (const std::string& title : head_) widths.push_back(display_width(title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].text));
    }
  }
  const auto line = [&](const std::vector<Cell>& row) {
    std::string lead;
    std::size_t lead_width = 0;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      lead += painted(terminal, row[i].colour, row[i].text);
      lead.append(widths[i] - display_width(row[i].text) + kGap, ' ');
      lead_width += widths[i] + kGap;
    }
    std::string out = hanging(terminal, lead, lead_width, row.back().text, row.back().colour);
    // A last cell that is empty would leave the padding of the one before it at the end of the line.
    const auto end = out.find_last_not_of(" \n");
    if (row.back().text.empty() && end != std::string::npos) out = out.substr(0, end + 1) + "\n";
    return out;
  };
  std::vector<Cell> head;
  for (const std::string& title : head_) head.push_back({title, Colour::strong});
  std::string out = line(head);
  for (const auto& row : rows_) out += line(row);
  return out;
}

}  // namespace trueup::cli
