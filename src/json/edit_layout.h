// How the author of a file lays out objects and lists, read from what stands there. Private to src/json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/content.h"

namespace trueup::json {

/// A member with its key, or an element.
struct Item {
  std::size_t begin = 0;  // of the key, where there is one
  std::size_t end = 0;    // of the value
  Value value;
  std::string_view key;
  std::size_t key_end = 0;
};

/// What holds for the whole file.
struct FileLayout {
  std::string line_break = "\n";
  std::string unit = "    ";  // one step of indentation
};

FileLayout read_file_layout(const Document& document);

/// How the items of one container stand, or would stand if there were any.
struct ContainerLayout {
  bool multi_line = true;
  std::string colon = ": ";
  std::string comma = ", ";  // between items on one line
  std::string separator;     // between two items of this container
  std::string before_first;  // behind the opening bracket
  std::string behind_last;   // before the closing bracket
  std::string item_indent;   // blanks before an item that starts a line
};

/// `outer` is the layout of the container that `container` lies in, `line_indent` what the line it opens on starts
/// with.
ContainerLayout read_container_layout(Value container, const std::vector<Item>& items, const ContainerLayout& outer,
                                      std::string_view line_indent, const FileLayout& file);

/// The layout of a container that does not exist yet, as the value of an item of `outer`.
ContainerLayout new_container_layout(const ContainerLayout& outer, const FileLayout& file);

/// The layout around the root.
ContainerLayout outermost_layout();

bool has_line_break(std::string_view gap);
/// The blanks behind the last line break of `gap`.
std::string_view indent_of(std::string_view gap);

}  // namespace trueup::json
