#include "json/edit_layout.h"

#include <algorithm>

namespace trueup::json {
namespace {

/// `gap` with runs of empty lines taken out, so that a blank line between two sections is not copied.
std::string without_empty_lines(std::string_view gap, const FileLayout& file) {
  const std::size_t comma = gap.find(',');
  const std::string_view before = gap.substr(0, comma);
  const std::string_view behind = gap.substr(comma + 1);
  std::string out;
  if (has_line_break(before)) out = file.line_break + std::string(indent_of(before));
  out += ',';
  out += has_line_break(behind) ? file.line_break + std::string(indent_of(behind)) : std::string(behind);
  return out;
}

std::string_view gap_before_closing(const Content& content, const Node& node) {
  const std::size_t closing = node.end - 1;
  std::size_t begin = closing;
  while (begin > node.begin + 1 &&
         std::string_view(" \t\r\n").find(content.bytes[begin - 1]) != std::string_view::npos) {
    --begin;
  }
  return content.text(begin, closing);
}

void set_multi_line(ContainerLayout& layout, std::string_view closing_indent, const FileLayout& file) {
  layout.separator = "," + file.line_break + layout.item_indent;
  layout.before_first = file.line_break + layout.item_indent;
  layout.behind_last = file.line_break + std::string(closing_indent);
}

ContainerLayout layout_of_empty(std::string_view inside, const ContainerLayout& outer, std::string_view line_indent,
                                const FileLayout& file) {
  ContainerLayout layout = outer;
  layout.multi_line = outer.multi_line || has_line_break(inside);
  layout.before_first.clear();
  layout.behind_last.clear();
  layout.separator = outer.comma;
  if (!layout.multi_line) return layout;
  const std::string_view closing = has_line_break(inside) ? indent_of(inside) : line_indent;
  layout.item_indent = std::string(closing) + file.unit;
  set_multi_line(layout, closing, file);
  return layout;
}

}  // namespace

bool has_line_break(std::string_view gap) { return gap.find_first_of("\n\r") != std::string_view::npos; }

std::string_view indent_of(std::string_view gap) {
  const std::size_t line = gap.find_last_of("\n\r");
  if (line == std::string_view::npos) return {};
  const std::string_view rest = gap.substr(line + 1);
  return rest.substr(0, std::min(rest.find_first_not_of(" \t"), rest.size()));
}

FileLayout read_file_layout(const Document& document) {
  FileLayout file;
  const Content& content = *document.root().content();
  const std::size_t line = content.bytes.find_first_of("\n\r");
  if (line != std::string::npos) {
    file.line_break = content.text(line, std::min(line + 2, content.bytes.size())) == "\r\n" ? "\r\n" : "\n";
    if (content.bytes[line] == '\r' && file.line_break == "\n") file.line_break = "\r";
  }
  for (std::size_t i = 0; i < content.nodes.size(); ++i) {
    const Node& node = content.nodes[i];
    if (node.count == 0) continue;
    const Node& first = content.nodes[i + 1];
    const std::string_view gap = content.text(node.begin + 1, first.key_begin != 0 ? first.key_begin : first.begin);
    if (!has_line_break(gap)) continue;
    const std::string_view inner = indent_of(gap);
    const std::string_view outer = indent_of(gap_before_closing(content, node));
    if (inner.substr(0, outer.size()) != outer) continue;
    file.unit = inner.substr(outer.size());
    break;
  }
  return file;
}

ContainerLayout outermost_layout() { return {}; }

ContainerLayout read_container_layout(Value container, const std::vector<Item>& items, const ContainerLayout& outer,
                                      std::string_view line_indent, const FileLayout& file) {
  const Content& content = *container.content();
  const std::size_t inside_begin = container.begin() + 1;
  const std::size_t inside_end = container.end() - 1;
  if (items.empty()) return layout_of_empty(content.text(inside_begin, inside_end), outer, line_indent, file);

  const Item& last = items.back();
  ContainerLayout layout = outer;
  layout.before_first = content.text(inside_begin, items.front().begin);
  layout.behind_last = content.text(last.end, inside_end);
  if (container.is_object()) {
    layout.colon = content.text(last.key_end, last.value.begin());
    if (has_line_break(layout.colon)) layout.colon = ": ";
    if (layout.colon.back() == ':') layout.comma = ",";
  }
  std::string_view gap = layout.before_first;
  if (items.size() > 1) gap = content.text(items[items.size() - 2].end, last.begin);
  layout.multi_line = has_line_break(gap);
  if (!layout.multi_line) {
    if (items.size() > 1) layout.comma = gap;
    layout.separator = layout.comma;
    layout.item_indent = line_indent;
    return layout;
  }
  layout.item_indent = indent_of(gap);
  layout.separator = items.size() > 1 ? without_empty_lines(gap, file) : "," + file.line_break + layout.item_indent;
  return layout;
}

ContainerLayout new_container_layout(const ContainerLayout& outer, const FileLayout& file) {
  return layout_of_empty({}, outer, outer.item_indent, file);
}

}  // namespace trueup::json
