#include "engine/choice.h"

#include <fmt/core.h>

#include "base/shell_word.h"
#include "model/inconsistency.h"
#include "model/plugin_id.h"
#include "planner/rename.h"
#include "planner/roster.h"

namespace trueup::engine {

Status check_plugin_name(const std::string& name) {
  ASSIGN_OR_RETURN([[maybe_unused]] const model::PluginId id, model::PluginId::parse(name));
  return ok();
}

Result<const planner::Situation*> chosen_plugin(const model::Observation& observation,
                                                const planner::Situations& situations, const std::string& name) {
  const planner::Situation* plugin = situations.find(situations.resolve(name));
  if (plugin != nullptr && plugin->is_plugin()) return plugin;
  planner::UnknownName unknown = planner::about_unknown(observation, name);
  if (plugin == nullptr) {
    return Error{.code = ErrorCode::not_found,
                 .message = std::move(unknown.says),
                 .where = name,
                 .hint = std::move(unknown.hint)};
  }
  return Error{.code = ErrorCode::not_found,
               .message = "nothing shows that this section of config.json is a plugin",
               .where = name,
               .hint = std::move(unknown.hint)};
}

Status may_change(const planner::Situation& plugin) {
  const std::string id(plugin.id);
  if (plugin.tombstoned) {
    return Error{.code = ErrorCode::refused,
                 .message = "you removed this plugin",
                 .where = id,
                 .hint = fmt::format("`trueup install {}` takes it back", id)};
  }
  if (plugin.section != nullptr && !plugin.section->is_object()) {
    return Error{
        .code = ErrorCode::refused,
        .message =
            fmt::format("its settings are no object but of type {}, and are not overwritten", plugin.section->type),
        .where = id,
        .hint = fmt::format("`trueup resolve {} --choose replace` puts an object there and "
                            "keeps what stands there now",
                            shell_word(model::finding_id(model::InconsistencyType::plugin_config_invalid, id)))};
  }
  return ok();
}

Status may_add_section(const model::Observation& observation, const planner::Situations& situations,
                       const planner::Situation& plugin) {
  const auto rename = planner::pending_rename(observation, situations, plugin);
  if (!rename) return ok();
  const bool by_itself = rename->fix_action == model::FixAction::auto_fix;
  return Error{.code = ErrorCode::refused,
               .message = fmt::format("its settings stand under its other name `{}`, and a second section would come "
                                      "to count instead of them; nothing was changed",
                                      rename->plugin_id),
               .where = std::string(plugin.id),
               .hint = by_itself ? fmt::format("`trueup reconcile {}` moves them; then do this again",
                                               shell_word(rename->plugin_id))
                                 : rename->advice};
}

std::string did_you_mean(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += fmt::format("{}`{}`", text.empty() ? "did you mean " : " or ", name);
  return text.empty() ? text : text + "?";
}

Status require_known(const model::Observation& observation, const model::SourceSet& needs, std::string_view verb) {
  const auto unknown = observation.unknown_among(needs);
  if (!unknown) return ok();
  const model::SourceReading& reading = observation.reading(*unknown);
  return Error{.code = ErrorCode::unreadable,
               .message = fmt::format("{}; {} was not done and nothing was changed", reading.detail, verb),
               .where = reading.path,
               .hint = "`trueup status` says what can be done about it"};
}

}  // namespace trueup::engine
