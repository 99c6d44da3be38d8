// What a client wants changed of a plugin's settings, from its JSON. Hostile.
#include "engine/configure.h"
#include "json/document.h"
#include "model/setting_key.h"

namespace trueup::engine {
namespace {

Error no_patch(std::string message) { return {.code = ErrorCode::invalid, .message = std::move(message)}; }

Status read_clear(json::Value list, SettingsPatch& patch) {
  if (!list.is_array()) return no_patch("`clear` is no list of keys");
  for (const json::Value one : list.elements()) {
    const auto text = one.string();
    auto key = text ? model::parse_setting_key(*text) : Result<model::SettingPath>(Error{});
    if (!key) return no_patch("`clear` holds what is no key of a setting");
    patch.remove.push_back(std::move(*key));
  }
  return ok();
}

Status read_form(json::Value list, SettingsPatch& patch) {
  if (!list.is_array()) return no_patch("`form` is no list of fields");
  for (const json::Value one : list.elements()) {
    const auto name = one.is_array() && one.at(0) ? one.at(0)->string() : std::nullopt;
    const auto value = one.is_array() && one.at(1) ? one.at(1)->string() : std::nullopt;
    if (!name || !value) return no_patch("`form` holds what is no name with a text");
    patch.fields.emplace_back(*name, *value);
  }
  return ok();
}

}  // namespace

Result<SettingsPatch> decode_patch(std::string text) {
  const auto document = json::Document::parse(std::move(text), json::Dialect::strict);
  if (!document || !document->root().is_object()) return no_patch("what is to change is no JSON object");
  SettingsPatch patch{.values = model::empty_object(model::SettingOrigin::config)};
  for (const json::Member member : document->root().members()) {
    if (member.key == "config") {
      if (!member.value.is_object()) {
        return no_patch("`config` is " + std::string(json::describe(member.value.kind())) + ", not an object");
      }
      patch.values = model::setting_of(member.value, model::SettingOrigin::config);
    } else if (member.key == "clear") {
      RETURN_IF_ERROR(read_clear(member.value, patch));
    } else if (member.key == "form") {
      RETURN_IF_ERROR(read_form(member.value, patch));
    } else {
      return no_patch("what is to change has `config`, `clear` and `form`, and nothing else");
    }
  }
  return patch;
}

}  // namespace trueup::engine
