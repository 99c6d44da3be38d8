#include "cli/arguments.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/text.h"
#include "cli/web_arguments.h"
#include "model/display_mode.h"

namespace trueup::cli {
namespace {

using Parsed = std::variant<Invocation, Answer>;

constexpr std::string_view kVersion = "trueup " TRUEUP_VERSION "\n";

Error wrong_usage(std::string message, std::string hint) {
  return {.code = ErrorCode::invalid, .message = std::move(message), .hint = std::move(hint)};
}

std::string see_help(std::string_view verb) {
  if (verb.empty()) return "`trueup help` shows every command";
  return fmt::format("`trueup help {}` shows how it is used", verb);
}

/// What CLI11 fills in. Ids and numbers stay texts until they are checked.
struct Raw {
  Invocation invocation;
  std::string rules = "safe";
  std::string wait;
  std::string number;
  std::string to_number;
  std::vector<std::string> ids;
  std::string lasts;
  std::string store_action;
  std::string token_action;
  std::string picture_action;
  std::string picture_of;
  std::string web;
  std::vector<std::string> trust;
};

/// One verb of the command line, and how many ids it takes.
struct VerbOptions {
  Verb verb;
  CLI::App* app;
};

CLI::App* add_verb(CLI::App& app, std::vector<VerbOptions>& verbs, Verb verb) {
  CLI::App* sub = app.add_subcommand(std::string(to_string(verb)));
  verbs.push_back({verb, sub});
  return sub;
}

std::vector<VerbOptions> declare(CLI::App& app, Raw& raw) {
  Invocation& invocation = raw.invocation;
  app.add_option("--root", invocation.root);
  app.add_option("--registry", invocation.registry);
  app.add_flag("--json", invocation.json);
  app.add_option("--rules", raw.rules)->check(CLI::IsMember({"safe", "ledmatrix"}));
  app.add_option("--wait", raw.wait);
  app.add_flag("--version");
  app.fallthrough();  // a global option may stand behind the verb as well

  std::vector<VerbOptions> verbs;
  for (const Verb verb : {Verb::status, Verb::list, Verb::freeze, Verb::history, Verb::doctor})
    add_verb(app, verbs, verb);
  add_verb(app, verbs, Verb::plan)->add_option("--from", invocation.from);
  CLI::App* report = add_verb(app, verbs, Verb::report);
  report->add_option("-o,--output", invocation.output);
  report->add_flag("--hide-root", invocation.hide_root);
  CLI::App* serve = add_verb(app, verbs, Verb::serve);
  serve->add_flag("--foreground", invocation.foreground);
  serve->add_option("--web", raw.web);
  serve->add_option("--trust", raw.trust)->allow_extra_args(false)->take_all();
  CLI::App* reconcile = add_verb(app, verbs, Verb::reconcile);
  reconcile->add_option("ID", raw.ids);
  reconcile->add_flag("--retry", invocation.retry);
  reconcile->add_option("--confirm", invocation.confirm);
  for (const Verb verb : {Verb::explain, Verb::enable, Verb::disable}) {
    add_verb(app, verbs, verb)->add_option("ID", raw.ids)->required()->expected(1);
  }
  CLI::App* install = add_verb(app, verbs, Verb::install);
  install->add_option("ID", raw.ids)->expected(1);
  install->add_option("--from", invocation.from);
  install->add_option("--id", invocation.offered_id);
  CLI::App* update = add_verb(app, verbs, Verb::update);
  update->add_option("ID", raw.ids);
  update->add_flag("--all", invocation.all);
  update->add_flag("--retry", invocation.retry);
  update->add_option("--from", invocation.from);
  // Its words were taken out before.
  CLI::App* config = add_verb(app, verbs, Verb::config);
  config->add_flag("--with-secrets", invocation.with_secrets);
  config->add_option("--drop", invocation.drop)->allow_extra_args(false)->take_all();
  CLI::App* uninstall = add_verb(app, verbs, Verb::uninstall);
  uninstall->add_option("ID", raw.ids)->expected(1);
  uninstall->add_flag("--keep-config", invocation.keep_config);
  uninstall->add_option("--dir", invocation.directory);
  CLI::App* store = add_verb(app, verbs, Verb::store);
  store->add_option("ACTION", raw.store_action)->required();
  store->add_option("WORD", invocation.word);
  store->add_option("--category", invocation.category);
  store->add_flag("--anyway", invocation.anyway);
  CLI::App* picture = add_verb(app, verbs, Verb::picture);
  picture->add_option("ACTION", raw.picture_action)->required();
  picture->add_option("ID", raw.picture_of)->required();
  picture->add_option("FILE", invocation.files);
  picture->add_option("--incoming", invocation.incoming);
  CLI::App* token = add_verb(app, verbs, Verb::token);
  token->add_option("ACTION", raw.token_action)->required();
  token->add_option("NAME", invocation.word);
  token->add_option("--scope", invocation.scope)->check(CLI::IsMember({"read", "write"}));
  CLI::App* undo = add_verb(app, verbs, Verb::undo);
  undo->add_option("N", raw.number);
  undo->add_option("--to", raw.to_number);
  CLI::App* restore = add_verb(app, verbs, Verb::restore);
  restore->add_option("FILE", invocation.file)->required();
  restore->add_option("--from", invocation.from);
  CLI::App* resolve = add_verb(app, verbs, Verb::resolve);
  resolve->add_option("FINDING", invocation.finding)->required();
  resolve->add_option("--choose", invocation.choice);
  CLI::App* ignore = add_verb(app, verbs, Verb::ignore);
  ignore->add_option("FINDING", invocation.finding)->required();
  ignore->add_option("--for", raw.lasts);
  for (const Verb verb : {Verb::check, Verb::demo}) {
    add_verb(app, verbs, verb)->add_option("DIR", invocation.file)->required();
  }
  return verbs;
}

bool takes_value(std::string_view option) {
  return option == "--root" || option == "--registry" || option == "--rules" || option == "--wait";
}

/// Where the verb stands: the first word that is neither an option nor an option's value; the end without one.
std::size_t place_of_verb(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (takes_value(arguments[i])) {
      ++i;
    } else if (!arguments[i].starts_with("-")) {
      return i;
    }
  }
  return arguments.size();
}

std::string word_in_verbs_place(const std::vector<std::string>& arguments) {
  const std::size_t place = place_of_verb(arguments);
  return place < arguments.size() ? arguments[place] : "";
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

const VerbOptions* verb_of(const std::vector<VerbOptions>& verbs) {
  for (const VerbOptions& one : verbs) {
    if (one.app->parsed()) return &one;
  }
  return nullptr;
}

std::string unknown_option(const std::vector<std::string>& arguments, const std::vector<std::string>& known) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    const std::string name = argument.substr(0, argument.find('='));
    if (name.starts_with("-") && name.size() > 1 && std::find(known.begin(), known.end(), name) == known.end())
      return name;
  }
  return "";
}

Error no_such_verb(const std::string& word) {
  if (word.empty()) return wrong_usage("say what to do, such as `trueup status`", see_help(""));
  const std::string guess = did_you_mean(word, verb_names());
  return wrong_usage(fmt::format("there is no command `{}`", word), guess.empty() ? see_help("") : guess);
}

bool is_verb(const std::string& word) {
  const std::vector<std::string> names = verb_names();
  return std::find(names.begin(), names.end(), word) != names.end();
}

/// A whole number that is not negative, or nothing. Ensures: it fits.
std::optional<std::int64_t> number_of(const std::string& text) {
  constexpr std::size_t kMostDigits = 18;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || text.size() > kMostDigits) return std::nullopt;
  return std::stoll(text);
}

bool looks_like_a_negative_number(const std::string& word) {
  return word.size() > 1 && word.front() == '-' && word.find_first_not_of("0123456789", 1) == std::string::npos;
}

Error no_number(const std::string& text, std::string_view verb) {
  if (verb == "undo") {
    return wrong_usage(fmt::format("`{}` is no number of the history", text), "`trueup history` shows the numbers");
  }
  return wrong_usage(fmt::format("`trueup {}` takes no number, and not `{}`", verb, text), see_help(verb));
}

/// An option that takes one value was given several, or none.
Error wrong_count(const std::vector<std::string>& arguments, std::string_view verb) {
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    const std::string name = at->substr(0, at->find('='));
    if (!name.starts_with("--") || name.size() == 2) continue;
    const auto same = [&name](const std::string& other) { return other == name || other.starts_with(name + "="); };
    if (std::find_if(at + 1, arguments.end(), same) != arguments.end()) {
      return wrong_usage(fmt::format("`{}` is given more than once", name), see_help(verb));
    }
  }
  const std::string last = arguments.empty() ? "" : arguments.back();
  if (last.starts_with("-")) return wrong_usage(fmt::format("`{}` needs a value behind it", last), see_help(verb));
  return wrong_usage("an option has too few or too many values", see_help(verb));
}

/// CLI11's refusal in our words.
Error explain_refusal(const CLI::ParseError& refusal, const CLI::App& app, const std::vector<VerbOptions>& verbs,
                      const std::vector<std::string>& arguments) {
  const VerbOptions* verb = verb_of(verbs);
  if (const std::string word = word_in_verbs_place(arguments); verb == nullptr && !word.empty() && !is_verb(word)) {
    return no_such_verb(word);
  }
  std::vector<std::string> known = options_of(app);
  known.emplace_back("-h");
  if (verb != nullptr) {
    for (std::string& name : options_of(*verb->app)) known.push_back(std::move(name));
  }
  if (const std::string option = unknown_option(arguments, known); !option.empty()) {
    if (verb != nullptr && looks_like_a_negative_number(option)) return no_number(option, to_string(verb->verb));
    const std::string guess = did_you_mean(option, known);
    return wrong_usage(fmt::format("there is no option `{}`{}", option,
                                   verb == nullptr ? "" : fmt::format(" of `trueup {}`", to_string(verb->verb))),
                       guess.empty() ? see_help(verb == nullptr ? "" : to_string(verb->verb)) : guess);
  }
  if (verb == nullptr && refusal.get_exit_code() != static_cast<int>(CLI::ExitCodes::ValidationError)) {
    return no_such_verb(word_in_verbs_place(arguments));
  }
  const std::string_view name = verb == nullptr ? "" : to_string(verb->verb);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&refusal) != nullptr) return wrong_count(arguments, name);
  if (dynamic_cast<const CLI::RequiredError*>(&refusal) != nullptr) {
    const std::string_view what = name == "restore"                       ? "which file to put back"
                                  : name == "demo"                        ? "a directory to write to"
                                  : name == "check"                       ? "a plugin's directory"
                                  : name == "resolve" || name == "ignore" ? "which finding"
                                  : name == "store"   ? "what to do: search, show, refresh, add or remove"
                                  : name == "picture" ? "what to do, list, add or remove, and for which plugin"
                                  : name == "token"   ? "what to do: new, list or revoke"
                                                      : "which plugin";
    return wrong_usage(fmt::format("`trueup {}` needs to know {}", name, what), see_help(name));
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&refusal) != nullptr) {
    return wrong_usage(fmt::format("`trueup {}` was given more than it takes", name), see_help(name));
  }
  return wrong_usage(refusal.what(), see_help(name));
}

Status check_ids(Raw& raw) {
  if (raw.invocation.verb == Verb::explain) {  // a mode may be asked for, and only plugins are called by an id
    raw.invocation.word = raw.ids.front();
    if (!model::mode_key(raw.invocation.word).empty()) return ok();
  }
  for (const std::string& text : raw.ids) {
    ASSIGN_OR_RETURN(model::PluginId id, model::PluginId::parse(text));
    raw.invocation.ids.push_back(std::move(id));
  }
  return ok();
}

/// A directory that `uninstall --dir` may name: one component of a path, nothing hidden behind it.
Status check_directory_name(const std::string& name) {
  const bool one_component = name.find('/') == std::string::npos && name != "." && name != ".." && name.size() <= 255;
  if (!name.empty() && one_component && name != model::kContainerName) return ok();
  return wrong_usage(fmt::format("`{}` is not the name of one directory in the plugins directory", name),
                     see_help("uninstall"));
}

/// "7d", "12h", "30m", "45s": at most ten years, so that no sum of it can overflow.
std::optional<std::chrono::seconds> duration_of(const std::string& text) {
  constexpr std::int64_t kMost = 10LL * 366 * 24 * 3600;
  constexpr std::size_t kMostDigits = 9;
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || digits > kMostDigits || digits + 1 != text.size())
    return std::nullopt;
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's': unit = 1; break;
    case 'm': unit = 60; break;
    case 'h': unit = 3600; break;
    case 'd': unit = 24LL * 3600; break;
    default: return std::nullopt;
  }
  const std::int64_t seconds = std::stoll(text.substr(0, digits)) * unit;
  if (seconds == 0 || seconds > kMost) return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// `undo`, `undo N` or `undo --to N`.
Status check_number(Raw& raw, const CLI::App& undo) {
  const bool one = undo.get_option("N")->count() > 0;
  raw.invocation.to = undo.get_option("--to")->count() > 0;
  if (one && raw.invocation.to) {
    return wrong_usage("`trueup undo` takes one number of the history, or `--to` and a number", see_help("undo"));
  }
  if (!one && !raw.invocation.to) return ok();
  const std::string& text = one ? raw.number : raw.to_number;
  const auto number = number_of(text);
  if (!number || *number == 0) return no_number(text, "undo");
  raw.invocation.number = *number;
  return ok();
}

Status check_wait(Raw& raw, const CLI::App& app) {
  constexpr std::int64_t kMostSeconds = 86'400;
  if (app.count("--wait") == 0) return ok();
  const auto seconds = number_of(raw.wait);
  if (!seconds || *seconds > kMostSeconds) {
    return wrong_usage(fmt::format("`--wait` takes seconds from 0 to {}, and not `{}`", kMostSeconds, raw.wait),
                       see_help(""));
  }
  raw.invocation.wait = std::chrono::seconds(*seconds);
  return ok();
}

bool is_web_address(const std::string& text) { return text.find("://") != std::string::npos; }

/// No id of a plugin has a slash in it.
bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos && text.find('\0') == std::string::npos;
}

/// `store search [TEXT]`, `store show ID`, `store refresh`, `store add URL`, `store remove URL`.
Status check_store(Raw& raw) {
  constexpr std::array<std::pair<std::string_view, StoreAction>, 5> kActions{{{"search", StoreAction::search},
                                                                              {"show", StoreAction::show},
                                                                              {"refresh", StoreAction::refresh},
                                                                              {"add", StoreAction::add},
                                                                              {"remove", StoreAction::remove}}};
  Invocation& invocation = raw.invocation;
  const auto action =
      std::find_if(kActions.begin(), kActions.end(), [&](const auto& one) { return one.first == raw.store_action; });
  if (action == kActions.end()) {
    return wrong_usage(
        fmt::format("`trueup store` can search, show, refresh, add and remove, and not `{}`", raw.store_action),
        see_help("store"));
  }
  invocation.store = action->second;
  const bool needs_word = invocation.store != StoreAction::search && invocation.store != StoreAction::refresh;
  if (needs_word && invocation.word.empty()) {
    const std::string_view what = invocation.store == StoreAction::show ? "which plugin" : "which address";
    return wrong_usage(fmt::format("`trueup store {}` needs to know {}", raw.store_action, what), see_help("store"));
  }
  const bool misplaced = (invocation.store == StoreAction::refresh && !invocation.word.empty()) ||
                         (invocation.store != StoreAction::refresh && invocation.anyway) ||
                         (invocation.store != StoreAction::search && !invocation.category.empty());
  if (misplaced) {
    return wrong_usage(fmt::format("`trueup store {}` was given more than it takes", raw.store_action),
                       see_help("store"));
  }
  if (invocation.store == StoreAction::show && !is_web_address(invocation.word)) raw.ids = {invocation.word};
  return ok();
}

/// What CLI11 cannot say: rules between options.
Status check_together(Raw& raw, const CLI::App& sub) {
  Invocation& invocation = raw.invocation;
  invocation.rules = raw.rules == "ledmatrix" ? model::RuleSet::ledmatrix : model::RuleSet::safe;
  if (invocation.verb == Verb::undo) RETURN_IF_ERROR(check_number(raw, sub));
  if (invocation.verb == Verb::store) RETURN_IF_ERROR(check_store(raw));
  if (invocation.verb == Verb::install && invocation.from.empty() == raw.ids.empty()) {
    return wrong_usage(raw.ids.empty() ? "`trueup install` needs to know which plugin"
                                       : "`trueup install` takes one plugin, or `--from` and a lock file",
                       see_help("install"));
  }
  if (invocation.verb == Verb::install && !raw.ids.empty() &&
      (is_web_address(raw.ids.front()) || is_path(raw.ids.front()))) {
    invocation.word = raw.ids.front();
    raw.ids.clear();
  }
  if (invocation.verb == Verb::picture) {
    RETURN_IF_ERROR(check_picture(raw.picture_action, invocation));
    raw.ids = {raw.picture_of};
  }
  if (invocation.verb == Verb::token) RETURN_IF_ERROR(check_token(raw.token_action, invocation));
  if (invocation.verb == Verb::serve) RETURN_IF_ERROR(check_web(raw.web, raw.trust, invocation));
  if (invocation.verb == Verb::ignore && sub.get_option("--for")->count() > 0) {
    invocation.lasts = duration_of(raw.lasts);
    if (!invocation.lasts) {
      return wrong_usage(fmt::format("`{}` is no time: write a number and s, m, h or d, such as 7d", raw.lasts),
                         see_help("ignore"));
    }
  }
  if (invocation.verb == Verb::update && invocation.all == !raw.ids.empty()) {
    return wrong_usage("`trueup update` takes plugin ids, or `--all`", see_help("update"));
  }
  if (invocation.verb == Verb::uninstall) {
    const bool by_directory = sub.get_option("--dir")->count() > 0;
    if (by_directory == !raw.ids.empty()) {
      return wrong_usage("`trueup uninstall` takes one plugin id, or `--dir` and a directory", see_help("uninstall"));
    }
    if (by_directory) return check_directory_name(invocation.directory);
  }
  return ok();
}

/// CLI11 reads a value in brackets as a list of values, so that `reconcile []` would mean everything.
Status check_brackets(const std::vector<std::string>& arguments) {
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    const std::string& argument = *at;
    const bool is_address = at != arguments.begin() && *(at - 1) == "--web";
    if (is_address || (!argument.starts_with("[") && argument != "{}")) continue;
    return wrong_usage(fmt::format("`{}` is no plugin id and no command", argument),
                       "a path that starts with a bracket can be written with ./ before it");
  }
  return ok();
}

Result<Parsed> help_answer(const std::vector<std::string>& words) {
  if (words.empty()) return Parsed(Answer{std::string(help_overview())});
  const std::vector<std::string> names = verb_names();
  const auto found = std::find(names.begin(), names.end(), words.front());
  if (found == names.end()) return no_such_verb(words.front());
  return Parsed(Answer{std::string(help_of(static_cast<Verb>(found - names.begin())))});
}

/// CLI11 takes a value that begins with a dash for an option of its own, unless it hangs on the option's name.
std::vector<std::string> with_numbers_attached(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool takes_number = arguments[i] == "--wait" || arguments[i] == "--to";
    if (takes_number && i + 1 < arguments.size() && looks_like_a_negative_number(arguments[i + 1])) {
      out.push_back(arguments[i] + "=" + arguments[i + 1]);
      ++i;
    } else {
      out.push_back(arguments[i]);
    }
  }
  return out;
}

}  // namespace

std::string_view trueup_version() { return TRUEUP_VERSION; }

Result<Parsed> parse_arguments(const std::vector<std::string>& all_arguments) {
  std::vector<std::string> arguments = with_numbers_attached(all_arguments);
  if (word_in_verbs_place(arguments) == "help") {
    const auto behind = arguments.begin() + static_cast<std::ptrdiff_t>(place_of_verb(arguments)) + 1;
    return help_answer({behind, arguments.end()});
  }
  std::vector<std::string> config_words;
  if (word_in_verbs_place(arguments) == to_string(Verb::config)) {
    config_words = take_config_words(arguments, place_of_verb(arguments));
  }
  RETURN_IF_ERROR(check_brackets(arguments));
  CLI::App app("trueup", "trueup");
  Raw raw;
  const std::vector<VerbOptions> verbs = declare(app, raw);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    const VerbOptions* verb = verb_of(verbs);
    const std::string word = word_in_verbs_place(arguments);
    if (verb == nullptr && !word.empty() && !is_verb(word)) return no_such_verb(word);
    return Parsed(Answer{std::string(verb == nullptr ? help_overview() : help_of(verb->verb))});
  } catch (const CLI::ParseError& refusal) {
    return explain_refusal(refusal, app, verbs, arguments);
  }
  if (app.count("--version") > 0) return Parsed(Answer{std::string(kVersion)});
  const VerbOptions* verb = verb_of(verbs);
  if (verb == nullptr) return no_such_verb(word_in_verbs_place(arguments));
  raw.invocation.verb = verb->verb;
  raw.invocation.rules_given = app.count("--rules") > 0;
  if (verb->verb == Verb::config) {
    ASSIGN_OR_RETURN(raw.invocation.config, parse_config_words(config_words));
    if (!raw.invocation.config.id.empty()) raw.ids = {raw.invocation.config.id};
  }
  RETURN_IF_ERROR(check_wait(raw, app));
  RETURN_IF_ERROR(check_together(raw, *verb->app));
  RETURN_IF_ERROR(check_ids(raw));
  return Parsed(std::move(raw.invocation));
}

}  // namespace trueup::cli
