#include "model/display_mode.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace trueup::model {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The alphabets that display modes are written in; in each the small letters stand at a fixed distance, or pairwise.
char32_t small_letter(char32_t c) {
  if ((c >= U'A' && c <= U'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) return c + 32;
  const bool even_pairs = (c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177);
  const bool odd_pairs = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (even_pairs && c % 2 == 0) return c + 1;
  if (odd_pairs && c % 2 == 1) return c + 1;
  if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

}  // namespace

std::string mode_key(std::string_view mode) {
  const std::string_view text = trimmed(mode);
  std::string key;
  key.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const char c = text[at]; static_cast<unsigned char>(c) < 0x80) {
      key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      ++at;
      continue;
    }
    const auto character = utf8_at(text, at);
    if (!character) {  // not UTF-8: that byte as it stands
      key += text[at++];
      continue;
    }
    append_utf8(key, small_letter(character->code_point));
    at += character->length;
  }
  return key;
}

std::vector<std::string> effective_modes(std::string_view plugin_id, const std::vector<std::string>& declared) {
  std::vector<std::string> modes;
  std::vector<std::string> keys;
  for (const std::string& mode : declared) {
    std::string key = mode_key(mode);
    if (key.empty() || std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    keys.push_back(std::move(key));
    modes.emplace_back(trimmed(mode));
  }
  if (modes.empty()) modes.emplace_back(plugin_id);
  return modes;
}

void ModeIndex::add(std::string_view plugin_id, const std::vector<std::string>& declared) {
  for (std::string& mode : effective_modes(plugin_id, declared)) {
    std::string key = mode_key(mode);
    claims_.push_back({.key = std::move(key), .plugin = std::string(plugin_id), .mode = std::move(mode)});
  }
}

void ModeIndex::finish() {
  // Most plugins have one mode, named like them, and they come in that order.
  if (!std::is_sorted(claims_.begin(), claims_.end())) std::sort(claims_.begin(), claims_.end());
}

std::vector<std::string_view> ModeIndex::providers(std::string_view mode) const {
  const std::string key = mode_key(mode);
  std::vector<std::string_view> plugins;
  for (auto it = std::lower_bound(claims_.begin(), claims_.end(), key,
                                  [](const Claim& claim, const std::string& wanted) { return claim.key < wanted; });
       it != claims_.end() && it->key == key; ++it) {
    plugins.emplace_back(it->plugin);
  }
  return plugins;
}

std::vector<ModeConflict> ModeIndex::conflicts() const {
  std::vector<ModeConflict> found;
  for (std::size_t at = 0; at < claims_.size();) {
    std::size_t end = at + 1;
    while (end < claims_.size() && claims_[end].key == claims_[at].key) ++end;
    if (end - at > 1) {
      ModeConflict conflict{.mode = claims_[at].mode};
      for (std::size_t i = at; i < end; ++i) conflict.plugins.push_back(claims_[i].plugin);
      found.push_back(std::move(conflict));
    }
    at = end;
  }
  return found;
}

}  // namespace trueup::model
