// From argv to a plain value: what was asked for, or the sentence that says why that cannot be asked.
//
// The edge where plugin ids are checked (failure F141): no verb ever sees one that could be a path or an option, and
// nothing was opened when it is refused. CLI11 stays in the one .cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/config_arguments.h"
#include "model/plugin_id.h"
#include "model/step.h"
#include "platform/network_address.h"

namespace trueup::cli {

enum class Verb : std::uint8_t {
  status,
  plan,
  reconcile,
  explain,
  list,
  enable,
  disable,
  config,
  install,
  update,
  freeze,
  uninstall,
  picture,
  store,
  token,
  history,
  undo,
  restore,
  resolve,
  ignore,
  doctor,
  report,
  serve,
  check,
  demo,
};

enum class StoreAction : std::uint8_t { search, show, refresh, add, remove };
enum class PictureAction : std::uint8_t { list, add, remove };
enum class TokenAction : std::uint8_t { create, list, revoke };

inline constexpr std::size_t kVerbCount = static_cast<std::size_t>(Verb::demo) + 1;  // the last one
inline constexpr std::chrono::seconds kDefaultWait{10};

std::string_view to_string(Verb verb);
/// "0.1.0"
std::string_view trueup_version();
std::vector<std::string> verb_names();

struct Invocation {
  Verb verb = Verb::status;
  std::string root;      // --root, empty when not given
  std::string registry;  // --registry, empty when not given
  bool json = false;
  model::RuleSet rules = model::RuleSet::safe;
  std::chrono::seconds wait = kDefaultWait;

  std::vector<model::PluginId> ids;             // of all verbs that take plugins
  bool retry = false;                           // reconcile, update
  bool all = false;                             // update
  std::string confirm;                          // reconcile
  bool keep_config = false;                     // uninstall
  bool with_secrets = false;                    // config reset
  std::vector<std::string> drop;                // config replace: sections that are to go
  std::string directory;                        // uninstall --dir
  std::int64_t number = 0;                      // undo; 0: the last command
  bool to = false;                              // undo --to: this one and everything later
  std::string file;                             // restore; demo's directory
  std::string from;                             // restore --from, plan --from, update --from, install --from
  ConfigWords config;                           // config
  std::string finding;                          // resolve, ignore
  std::string choice;                           // resolve --choose
  std::optional<std::chrono::seconds> lasts;    // ignore --for
  std::string output;                           // report -o
  bool hide_root = false;                       // report
  bool foreground = false;                      // serve: its log is for a person
  std::string web_address = "127.0.0.1";        // serve --web ADDRESS:PORT
  int web_port = 0;                             // 0: no page
  std::vector<platform::Network> trusted;       // serve --trust
  PictureAction picture = PictureAction::list;  // picture
  std::vector<std::string> files;               // picture add: to be uploaded; picture remove: the one
  std::string incoming;                         // picture add --incoming: what the page was sent
  TokenAction token = TokenAction::list;        // token
  std::string scope;                            // token new --scope
  StoreAction store = StoreAction::search;      // store
  std::string word;                             // store: what to search for, or an address; explain: an id or a mode;
                                                // token: its name; install URL
  std::string category;                         // store search
  std::string offered_id;                       // install URL --id: which of those that it offers
  bool anyway = false;                          // store refresh
  bool rules_given = false;                     // --rules stands on the command line

  bool operator==(const Invocation&) const = default;
};

/// `trueup --help`, `trueup help plan`, `trueup --version`: an answer in itself.
struct Answer {
  std::string text;
  bool operator==(const Answer&) const = default;
};

/// `arguments` without the program's name. The error is for the person at the keyboard (exit status 64).
Result<std::variant<Invocation, Answer>> parse_arguments(const std::vector<std::string>& arguments);

/// The help of one verb: what it does, examples first.
std::string_view help_of(Verb verb);
/// The help of the whole command.
std::string_view help_overview();

}  // namespace trueup::cli
