#include "cli/change.h"

#include <fmt/core.h>

#include <utility>

#include "cli/packages.h"
#include "cli/render_json.h"

namespace trueup::cli {
namespace {

std::string installed_sentence(const engine::InstallReport& done) {
  if (done.unchanged) {
    return fmt::format("{} {} is installed already, so nothing was fetched", done.plugin_id, done.version);
  }
  if (!done.previous_version.empty()) {
    return fmt::format("{} {} is installed in the place of {}", done.plugin_id, done.version, done.previous_version);
  }
  if (done.replaced_damaged) {
    return fmt::format("{} {} is installed in the place of a damaged copy, which is kept", done.plugin_id,
                       done.version);
  }
  return fmt::format("{} {} is installed", done.plugin_id, done.version);
}

}  // namespace

Outcome show_change(Call& call, const ChangeReport& report) {
  if (call.invocation.json) {
    write_change_json(report, call.console.out);
  } else {
    call.console.out.write(render_change(report, call.console.terminal));
  }
  return {};
}

std::optional<std::int64_t> last_number(const std::vector<std::int64_t>& history) {
  return history.empty() ? std::nullopt : std::optional(history.back());
}

ChangeReport change_of(Call& call, const engine::InstallReport& done) {
  ChangeReport report{.verb = "install",
                      .plugin_id = done.plugin_id,
                      .changed = !done.unchanged || done.was_removed_before,
                      .says = installed_sentence(done),
                      .details = done.notes,
                      .n = last_number(done.history)};
  for (std::string& one : see_to_packages(call, "install", {done.plugin_id})) report.details.push_back(std::move(one));
  if (done.was_removed_before) report.details.emplace_back("you had removed it before; that note is gone");
  if (done.unchanged) return report;
  report.details.push_back(done.is_on
                               ? "it was on already, and is"
                               : fmt::format("nothing was switched on: `trueup enable {}` does that", done.plugin_id));
  return report;
}

}  // namespace trueup::cli
