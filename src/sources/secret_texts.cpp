#include "sources/secret_texts.h"

#include <string>

#include "model/settings.h"

namespace trueup::sources {
namespace {

bool holds_password(json::Value value) {
  if (!value.is_string() || value.text().find('@') == std::string_view::npos) return false;
  const auto text = value.string();
  return text && model::holds_user_info(*text);
}

}  // namespace

std::vector<json::Value> hidden_values(json::Value root, model::DocumentName document) {
  struct Open {
    json::Value value;
    bool secret;
  };
  std::vector<json::Value> found;
  std::vector<Open> open{{root, document == model::DocumentName::secrets}};
  while (!open.empty()) {
    const auto [value, secret] = open.back();
    open.pop_back();
    for (const json::Member member : value.raw_members()) {
      open.push_back({member.value, secret || model::may_be_secret({std::string(member.key)})});
    }
    for (const json::Value element : value.elements()) open.push_back({element, secret});
    const bool told = value.is_string() || value.kind() == json::Kind::number;
    if ((secret && told) || holds_password(value)) found.push_back(value);
  }
  return found;
}

}  // namespace trueup::sources
