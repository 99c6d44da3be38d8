// Turns a tree of changes into splices of the text. Private to src/json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/change.h"
#include "json/edit_layout.h"

namespace trueup::json {

/// `text` instead of the bytes from begin to end.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

/// The bytes with every splice made. Requires: they do not overlap.
std::string spliced(std::string_view bytes, std::vector<Splice> splices);

class Editor {
 public:
  explicit Editor(const Document& document);

  Status edit(Change& change);
  [[nodiscard]] std::vector<Splice> take() { return std::move(splices_); }

 private:
  struct Addition {
    const std::string* key = nullptr;  // none in a list
    const Change* change = nullptr;
    const std::string* text = nullptr;  // of a value that stands in no Change of its own
  };
  /// A container on the way, and what will happen in it.
  struct Place {
    Value container;
    std::vector<Item> items;
    std::vector<bool> removed;
    std::vector<Change*> inside;  // per item, or none
    std::vector<Addition> additions;
    ContainerLayout layout;
    bool changes_items = false;  // something is removed or added
  };

  Status value(Value value, Change& change, const ContainerLayout& outer, std::string_view line_indent);
  Status container(Value container, Change& change, const ContainerLayout& outer, std::string_view line_indent);
  Status resolve_members(Place& place, Change& change);
  Status resolve_elements(Place& place, Change& change);
  Status resolve_element(Place& place, const std::string& step, Change& change);
  static void add(Place& place, const std::string* key, const Change& change);
  Status descend(Place& place, std::string_view line_indent);
  void change_items(const Place& place);
  void remove_before(const Place& place, std::size_t last_kept);
  [[nodiscard]] std::string text_of(const std::vector<Addition>& additions, const ContainerLayout& layout,
                                    bool behind_others) const;
  [[nodiscard]] std::string new_value(const Change& change, const ContainerLayout& outer) const;
  [[nodiscard]] Error cannot_enter(Value value) const;

  FileLayout file_;
  Path path_;  // to the container being edited, for messages
  Value root_;
  std::vector<Splice> splices_;
};

}  // namespace trueup::json
