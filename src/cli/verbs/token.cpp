// `trueup token new|list|revoke`: what programs on other machines show to be let in.
#include <fmt/core.h>

#include "cli/change.h"
#include "cli/json_output.h"
#include "cli/render_json.h"
#include "cli/text.h"
#include "web/logins_file.h"

namespace trueup::cli {
namespace {

web::LoginsPlace place_of(const Call& call) {
  return {.file_system = call.machine.file_system,
          .clock = call.machine.clock,
          .processes = call.machine.processes,
          .root = call.world.root,
          .is_root = call.world.is_root};
}

Result<Outcome> create(Call& call) {
  const std::string& name = call.invocation.word;
  const web::Scope scope = call.invocation.scope == "write" ? web::Scope::write : web::Scope::read;
  const auto now = std::chrono::floor<std::chrono::seconds>(call.machine.clock.wall_now()).time_since_epoch().count();
  std::string token;
  RETURN_IF_ERROR(web::change_logins(place_of(call), [&](web::Logins& logins) -> Status {
    ASSIGN_OR_RETURN(token, web::add_token(logins, name, scope, call.machine.random.bytes(32), now));
    return ok();
  }));
  ChangeReport report{.verb = "token new", .plugin_id = name, .changed = true, .says = "the token is " + token};
  report.details.emplace_back("it is not shown again: only its hash is kept");
  report.details.emplace_back(scope == web::Scope::write ? "it may read and change everything that the page can"
                                                         : "it may read; `--scope write` makes one that may change");
  report.details.emplace_back("a program sends it as a header: Authorization: Bearer TOKEN");
  return show_change(call, report);
}

Result<Outcome> revoke(Call& call) {
  const std::string& name = call.invocation.word;
  RETURN_IF_ERROR(web::change_logins(
      place_of(call), [&name](web::Logins& logins) -> Status { return web::revoke_token(logins, name); }));
  return show_change(call, {.verb = "token revoke",
                            .plugin_id = name,
                            .changed = true,
                            .says = fmt::format("the token {} opens nothing any more", name),
                            .details = {},
                            .n = {}});
}

Result<Outcome> list(Call& call) {
  ASSIGN_OR_RETURN(const web::Logins logins, web::read_logins(call.machine.file_system, call.world.root));
  if (call.invocation.json) {
    JsonOutput json(call.console.out);
    json.begin_object().key("password_set").boolean(!logins.password.empty());
    json.key("schema").number(kJsonSchema).key("tokens").begin_array();
    for (const web::Token& token : logins.tokens) {
      json.begin_object().key("made_at").number(token.made_at).key("name").text(token.name);
      json.key("scope").text(to_string(token.scope)).end_object();
    }
    json.end_array().end_object().finish();
    return Outcome{};
  }
  if (logins.tokens.empty()) call.console.out.write("There is no token. `trueup token new NAME` makes one.\n");
  for (const web::Token& token : logins.tokens) {
    call.console.out.write(fmt::format("{}  {}\n", shown(token.name), to_string(token.scope)));
  }
  return Outcome{};
}

}  // namespace

Result<Outcome> run_token(Call& call) {
  switch (call.invocation.token) {
    case TokenAction::create: return create(call);
    case TokenAction::list: return list(call);
    case TokenAction::revoke: return revoke(call);
  }
  return Error{.message = "an action without a function"};
}

}  // namespace trueup::cli
