#include "cli/config_arguments.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cli/text.h"
#include "model/setting_key.h"

namespace trueup::cli {
namespace {

struct Form {
  ConfigAction action;
  std::string_view name;
  std::size_t fewest;  // words behind the action
  std::size_t most;
  std::string_view usage;
};

constexpr std::array kForms{Form{ConfigAction::get, "get", 1, 2, "trueup config get ID [KEY]"},
                            Form{ConfigAction::set, "set", 3, 3, "trueup config set ID KEY VALUE"},
                            Form{ConfigAction::unset, "unset", 2, 2, "trueup config unset ID KEY"},
                            Form{ConfigAction::purge, "purge", 1, 1, "trueup config purge ID"},
                            Form{ConfigAction::apply, "apply", 1, 1, "trueup config apply ID < FILE"},
                            Form{ConfigAction::reset, "reset", 1, 1, "trueup config reset ID"},
                            Form{ConfigAction::core, "core", 0, 0, "trueup config core < FILE"},
                            Form{ConfigAction::replace, "replace", 0, 0, "trueup config replace < FILE"},
                            Form{ConfigAction::secrets, "secrets", 0, 0, "trueup config secrets < FILE"}};
constexpr std::size_t kWordsBeforeValue = 3;  // set ID KEY

Error wrong_usage(std::string message, std::string hint) {
  return {.code = ErrorCode::invalid, .message = std::move(message), .hint = std::move(hint)};
}

Error no_such_action(const std::string& word) {
  std::vector<std::string> names;
  for (const Form& form : kForms) names.emplace_back(form.name);
  std::string hint = did_you_mean(word, names);
  if (hint.empty()) hint = "`trueup help config` shows what it can";
  return wrong_usage(fmt::format("`trueup config` cannot `{}`", word), std::move(hint));
}

}  // namespace

std::string_view to_string(ConfigAction action) { return kForms[static_cast<std::size_t>(action)].name; }

std::vector<std::string> take_config_words(std::vector<std::string>& arguments, std::size_t verb) {
  std::vector<std::string> words;
  std::vector<std::string> rest(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(verb) + 1);
  bool only_words = false;
  for (std::size_t i = verb + 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool is_value = words.size() == kWordsBeforeValue && words.front() == "set" && !argument.starts_with("--");
    if (only_words || is_value || !argument.starts_with("-")) {
      words.push_back(argument);
    } else if (argument == "--") {
      only_words = true;
    } else {
      rest.push_back(argument);
      const bool takes_value = argument == "--root" || argument == "--registry" || argument == "--rules" ||
                               argument == "--wait" || argument == "--drop";
      if (takes_value && i + 1 < arguments.size()) rest.push_back(arguments[++i]);
    }
  }
  arguments = std::move(rest);
  return words;
}

Result<ConfigWords> parse_config_words(const std::vector<std::string>& words) {
  if (words.empty()) {
    return wrong_usage("say what to do with the settings, such as `trueup config get ID`",
                       "`trueup help config` shows how");
  }
  const auto form =
      std::find_if(kForms.begin(), kForms.end(), [&words](const Form& one) { return one.name == words.front(); });
  if (form == kForms.end()) return no_such_action(words.front());
  const std::size_t count = words.size() - 1;
  if (count < form->fewest || count > form->most) {
    const bool purges = form->action == ConfigAction::unset && count == 1;
    std::string hint = fmt::format("it is used as `{}`", form->usage);
    if (purges) hint += "; all settings of a plugin that is gone: `trueup config purge ID`";
    if (form->action == ConfigAction::set && count == 2) hint += "; with `-` as VALUE it is read, or asked for unseen";
    return wrong_usage(fmt::format("`trueup config {}` was given {}", form->name,
                                   count < form->fewest ? "less than it needs" : "more than it takes"),
                       std::move(hint));
  }
  ConfigWords parsed{.action = form->action};
  if (count == 0) return parsed;
  parsed.id = words[1];
  if (count >= 2) {
    ASSIGN_OR_RETURN(parsed.setting, model::parse_setting_key(words[2]));
  }
  if (count == 3 && words[3] != "-") parsed.value = words[3];
  return parsed;
}

}  // namespace trueup::cli
