// Duplicate keys: which member Python's dict keeps. Never slower than sorting, whatever the keys are.
#include <algorithm>
#include <array>
#include <functional>

#include "json/parser.h"

namespace trueup::json {
namespace {

constexpr std::uint32_t kFew = 32;  // up to this, comparing all pairs is fastest

/// What keys rarely share, told without reading them whole.
std::uint32_t look_of(std::string_view key) {
  if (key.empty()) return 0;
  const auto byte = [&key](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(key[at])}; };
  return (static_cast<std::uint32_t>(key.size()) << 24U) | (byte(0) << 16U) | (byte(key.size() / 2) << 8U) |
         byte(key.size() - 1);
}

struct HashedKey {
  std::size_t hash;
  std::uint32_t node;
};

}  // namespace

/// Whether two keys may be the same, told by a few of their letters.
bool Parser::perhaps_duplicates(std::uint32_t object) const {
  std::array<std::uint64_t, 16> seen{};
  bool found = false;
  const std::uint32_t end = content_.nodes[object].next;
  for (std::uint32_t node = object + 1; node < end; node = content_.nodes[node].next) {
    const std::uint32_t place = (look_of(content_.key(node)) * 0x9E3779B1U) >> 22U;
    std::uint64_t& word = seen[place / 64];
    const std::uint64_t bit = std::uint64_t{1} << (place % 64);
    found = found || (word & bit) != 0;
    word |= bit;
  }
  return found;
}

void Parser::find_duplicates(std::uint32_t object) {
  if (content_.nodes[object].count <= kFew) {
    if (!perhaps_duplicates(object)) return;
    find_duplicates_few(object);
  } else {
    find_duplicates_many(object);
  }
}

void Parser::find_duplicates_few(std::uint32_t object) {
  std::array<std::string_view, kFew> keys;
  std::array<std::uint32_t, kFew> members{};
  std::size_t count = 0;
  bool found = false;
  const std::uint32_t end = content_.nodes[object].next;
  for (std::uint32_t node = object + 1; node < end; node = content_.nodes[node].next) {
    keys[count] = content_.key(node);
    members[count] = node;
    for (std::size_t i = 0; i < count && !found; ++i) found = keys[i] == keys[count];
    ++count;
  }
  if (!found) return;
  std::array<bool, kFew> done{};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::uint32_t> same;
    for (std::size_t j = i; j < count; ++j) {
      if (done[j] || keys[j] != keys[i]) continue;
      done[j] = true;
      same.push_back(members[j]);
    }
    if (same.size() > 1) mark_duplicates(object, same);
  }
}

void Parser::find_duplicates_many(std::uint32_t object) {
  std::vector<HashedKey> keys;
  keys.reserve(content_.nodes[object].count);
  const std::uint32_t end = content_.nodes[object].next;
  for (std::uint32_t node = object + 1; node < end; node = content_.nodes[node].next) {
    keys.push_back({std::hash<std::string_view>{}(content_.key(node)), node});
  }
  std::sort(keys.begin(), keys.end(), [](const HashedKey& a, const HashedKey& b) { return a.hash < b.hash; });
  for (auto run = keys.begin(); run != keys.end();) {
    const auto run_end = std::find_if(run, keys.end(), [&](const HashedKey& key) { return key.hash != run->hash; });
    if (run_end - run > 1) {  // the same hash, usually the same key; keys chosen to collide are told apart by sorting
      std::sort(run, run_end, [this](const HashedKey& a, const HashedKey& b) {
        const int order = content_.key(a.node).compare(content_.key(b.node));
        return order != 0 ? order < 0 : a.node < b.node;
      });
      std::vector<std::uint32_t> same;
      for (auto key = run; key != run_end; ++key) {
        if (!same.empty() && content_.key(same.back()) != content_.key(key->node)) {
          if (same.size() > 1) mark_duplicates(object, same);
          same.clear();
        }
        same.push_back(key->node);
      }
      if (same.size() > 1) mark_duplicates(object, same);
    }
    run = run_end;
  }
}

/// Requires: `same_key` is in the order of the text and has at least two members.
void Parser::mark_duplicates(std::uint32_t object, const std::vector<std::uint32_t>& same_key) {
  Node& node = content_.nodes[object];
  node.flags |= kDuplicateKeys;
  node.count -= static_cast<std::uint32_t>(same_key.size() - 1);
  content_.duplicates.emplace_back(same_key.front(), same_key.back());
  for (std::size_t i = 1; i < same_key.size(); ++i) {
    content_.duplicates.emplace_back(same_key[i], kNoNode);
    note(NoteKind::duplicate_key, content_.nodes[same_key[i]].key_begin, content_.key(same_key[i]));
  }
}

void Parser::finish_notes() {
  std::sort(content_.duplicates.begin(), content_.duplicates.end());
  auto& notes = content_.notes;
  std::stable_sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return a.offset < b.offset; });
  LineColumnCounter counter(content_.bytes);
  for (Note& each : notes) each.position = counter.advance_to(each.offset);
}

}  // namespace trueup::json
