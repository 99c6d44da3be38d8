// What a parsed document is inside: the bytes and one flat list of nodes in the order of the text. Private to src/json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document.h"

namespace trueup::json {

inline constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;

enum NodeFlag : std::uint8_t {
  kEscapedText = 1U,    // a string with a backslash in it
  kEscapedKey = 2U,     // its key has one
  kWholeNumber = 4U,    // a number without fraction and exponent
  kDuplicateKeys = 8U,  // an object in which a key stands twice
  kNonFinite = 16U,     // NaN, Infinity, -Infinity
};

/// Children follow their parent at once; `next` is the first node behind the whole subtree.
struct Node {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t key_begin = 0;  // with the quotes; both 0 without a key
  std::uint32_t key_end = 0;
  std::uint32_t parent = kNoNode;
  std::uint32_t next = 0;
  std::uint32_t count = 0;  // members (each key once) or elements
  Kind kind = Kind::null;
  std::uint8_t flags = 0;
};
static_assert(sizeof(Node) == 32);

struct Content {
  std::string bytes;
  std::vector<Node> nodes;
  std::vector<Note> notes;
  std::vector<std::pair<std::uint32_t, std::string>> escaped_keys;  // node and decoded key, sorted by node
  /// For members whose key stands more than once, sorted by node: the first one's node with the last one's, the
  /// others with kNoNode.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> duplicates;

  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const {
    return std::string_view(bytes).substr(begin, end - begin);
  }
  /// Decoded. Requires: the node has a key.
  [[nodiscard]] std::string_view key(std::uint32_t node) const {
    const Node& member = nodes[node];
    if ((member.flags & kEscapedKey) != 0) return escaped_key(node);
    return {bytes.data() + member.key_begin + 1, member.key_end - member.key_begin - 2U};
  }
  /// The node that stands for this member's key in Python's dict, or kNoNode when an earlier member stands for it.
  [[nodiscard]] std::uint32_t winner(std::uint32_t node) const {
    return (nodes[nodes[node].parent].flags & kDuplicateKeys) == 0 ? node : winner_of_several(node);
  }

 private:
  [[nodiscard]] std::string_view escaped_key(std::uint32_t node) const;
  [[nodiscard]] std::uint32_t winner_of_several(std::uint32_t node) const;
};

/// Appends what the inside of a JSON string means; a lone surrogate as its three bytes.
/// Requires: the parser accepted it.
void decode_string(std::string_view inside, std::string& out);

}  // namespace trueup::json
