#include "sources/secret_texts.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/settings.h"

namespace trueup::sources {
namespace {

bool holds_password(json::Value value) {
  if (value.text().find('@') == std::string_view::npos) return false;
  const auto text = value.string();
  return text && model::holds_user_info(*text);
}

constexpr std::size_t kShortest = 4;       // to be told from a word
constexpr std::size_t kShortestBegun = 6;  // likewise, of a secret of which only the beginning is there

int hex_digit(char digit) {
  const auto found = std::string_view("0123456789abcdef").find(static_cast<char>(digit | 0x20));
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// A text as an address means it, and where in the text each of its bytes begins; the last one is the text's end.
struct Decoded {
  std::string text;
  std::vector<std::size_t> at;
};

/// "%2B" is one byte. A plus is a space in the part of an address that Python's urlencode writes.
Decoded decoded(std::string_view text, char plus) {
  Decoded out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.at.push_back(i);
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (low >= 0) {
      out.text += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out.text += text[i] == '+' ? plus : text[i];
    }
  }
  out.at.push_back(text.size());
  return out;
}

void mask(std::string& text, std::string_view secret) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += kNotShown.size()) {
    text.replace(at, secret.size(), kNotShown);
  }
}

void mask_as_address(std::string& text, std::string_view secret, char plus) {
  const Decoded read = decoded(text, plus);
  std::size_t at = read.text.rfind(secret);
  while (at != std::string::npos) {  // from the end, so that the places before it stay
    text.replace(read.at[at], read.at[at + secret.size()] - read.at[at], kNotShown);
    at = at < secret.size() ? std::string::npos : read.text.rfind(secret, at - secret.size());
  }
}

/// LEDMatrix cuts long messages off, and marks it with dots or not.
void mask_begun(std::string& text, std::string_view secret) {
  const std::size_t end = text.ends_with("...") ? text.size() - 3 : text.ends_with("…") ? text.size() - 3 : text.size();
  const std::string_view told = std::string_view(text).substr(0, end);
  for (std::size_t length = std::min(secret.size() - 1, end); length >= kShortestBegun; --length) {
    if (!told.ends_with(secret.substr(0, length))) continue;
    text.replace(end - length, length, kNotShown);
    return;
  }
}

}  // namespace

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    if (text == secret) return std::string(kNotShown);
    if (secret.size() < kShortest) continue;
    mask(text, secret);
    if (text.find('%') != std::string::npos) mask_as_address(text, secret, '+');
    if (text.find('+') != std::string::npos) mask_as_address(text, secret, ' ');
    mask_begun(text, secret);
  }
  return text;
}

std::vector<json::Value> hidden_values(json::Value root, model::DocumentName document) {
  struct Open {
    json::Value value;
    bool secret;
  };
  std::unordered_map<std::string_view, bool> names;  // thousands of plugins have the same few
  const auto may_name_secret = [&names](std::string_view name) {
    const auto [known, is_new] = names.try_emplace(name, false);
    if (is_new) known->second = model::may_be_secret({std::string(name)});
    return known->second;
  };
  std::vector<json::Value> found;
  std::vector<Open> open;
  const auto meet = [&](json::Value value, bool secret) {
    switch (value.kind()) {
      case json::Kind::object:
      case json::Kind::array: open.push_back({value, secret}); break;
      case json::Kind::number:
        if (secret) found.push_back(value);
        break;
      case json::Kind::string:
        if (secret || holds_password(value)) found.push_back(value);
        break;
      case json::Kind::null:
      case json::Kind::boolean: break;
    }
  };
  meet(root, document == model::DocumentName::secrets);
  while (!open.empty()) {
    const auto [value, secret] = open.back();
    open.pop_back();
    for (const json::Member& member : value.raw_members()) {
      meet(member.value, secret || may_name_secret(member.key));
    }
    for (const json::Value element : value.elements()) meet(element, secret);
  }
  return found;
}

}  // namespace trueup::sources
