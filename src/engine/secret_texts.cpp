#include "engine/secret_texts.h"

#include <utility>

#include "base/limits.h"
#include "json/document.h"
#include "model/settings.h"

namespace trueup::engine {

Result<std::vector<std::string>> secret_texts(const platform::Directory& root, model::DocumentName document) {
  std::vector<std::string> texts;
  auto file = root.read(std::string(model::relative_path(document)), limits::kMaxConfigBytes, platform::Links::follow);
  if (!file && file.error().code == ErrorCode::not_found) return texts;
  if (!file) return std::move(file).error();
  ASSIGN_OR_RETURN(const auto parsed, json::Document::parse(std::move(file->bytes)));
  struct Open {
    json::Value value;
    bool secret;
  };
  std::vector<Open> open{{parsed.root(), document == model::DocumentName::secrets}};
  while (!open.empty()) {
    const auto [value, secret] = open.back();
    open.pop_back();
    for (const json::Member member : value.raw_members()) {
      open.push_back({member.value, secret || model::may_be_secret({std::string(member.key)})});
    }
    for (const json::Value element : value.elements()) open.push_back({element, secret});
    auto text = value.string();
    if (secret && text) texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace trueup::engine
