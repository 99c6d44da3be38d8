#include "sources/secret_texts.h"

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

}  // namespace

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
