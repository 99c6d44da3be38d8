#include "engine/pip_run.h"

#include <fmt/core.h>

#include "base/escape.h"
#include "engine/install_requirements.h"
#include "model/settings.h"
#include "planner/pip_command.h"

namespace trueup::engine {
namespace {

constexpr std::string_view kOutputs = "pip";
constexpr std::size_t kMostWhyBytes = 240;

/// The last of what it said, safe to be shown, and the line that says best why it failed.
class Said {
 public:
  void add(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    text_ += escape_for_display(line);
    text_ += '\n';
    if (text_.size() > 2 * kMostPipKept) cut();
    const bool error = line.starts_with("ERROR:");
    if (line.find_first_not_of(" \t") == std::string_view::npos || (has_error_ && !error)) return;
    has_error_ = error;
    why_ = line.substr(0, kMostWhyBytes);
  }

  std::string text() {
    if (text_.size() > kMostPipKept) cut();
    return (left_out_ ? "(the beginning is left out)\n" : "") + text_;
  }
  /// Nothing where it holds what must not be repeated.
  [[nodiscard]] std::string why() const { return model::holds_user_info(why_) ? "" : escape_for_display(why_); }

 private:
  void cut() {
    text_.erase(0, text_.size() - kMostPipKept);
    text_.erase(0, text_.find('\n') + 1);
    left_out_ = true;
  }

  std::string text_;
  std::string why_;
  bool has_error_ = false;
  bool left_out_ = false;
};

/// Nothing of ours: no token, no proxy's password, nobody's home. What asks a person, or draws, is off; what it may not
/// write for all it does not write into a home that the display never looks into.
std::vector<std::string> environment() {
  return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "LC_ALL=C.UTF-8",
          "PIP_NO_INPUT=1",
          "PIP_USER=0",
          "PIP_PROGRESS_BAR=off",
          "PIP_NO_COLOR=1",
          "PIP_DISABLE_PIP_VERSION_CHECK=1"};
}

std::string told(const platform::ChildEnd& end, const std::string& says) {
  if (end.stopped) return "trueup was asked to stop";
  if (end.too_much) return fmt::format("pip said more than {} MiB and was ended", kMostPipSays >> 20U);
  if (!end.in_time) return fmt::format("pip did not end within {} minutes and was killed", kPipPatience.count());
  std::string why = end.signal_number != 0 ? fmt::format("pip was ended by signal {}", end.signal_number)
                                           : fmt::format("pip failed with exit status {}", end.exit_status);
  if (!says.empty()) why += fmt::format(" ({})", says);
  return why;
}

}  // namespace

PipEnd run_pip(const World& world, const std::string& interpreter, const std::string& file) {
  if (!world.run_child) return {.why = "this machine runs no programs for trueup"};
  const std::vector<std::string> words = planner::pip_words(interpreter, file);
  Said said;
  const auto end = world.run_child({.program = words.front(),
                                    .arguments = {words.begin() + 1, words.end()},
                                    .patience = kPipPatience,
                                    .most_output = kMostPipSays,
                                    .environment = environment(),
                                    .errors_too = true,
                                    .directory = "/",
                                    .with_its_own = true,
                                    .stop_wanted = world.stop_wanted},
                                   [&said](std::string_view line) { said.add(line); });
  if (!end) return {.why = fmt::format("{} could not be run: {}", interpreter, end.error().text())};
  PipEnd result{.well = end->in_time && end->exit_status == 0, .stopped = end->stopped};
  const std::string told_of = result.well ? "it ended well" : told(*end, {});
  if (!result.well) result.why = told(*end, said.why());
  result.output = fmt::format("$ {}\n{}({})\n", planner::pip_command(interpreter, file), said.text(), told_of);
  return result;
}

Result<std::string> keep_output(Site& site, const std::string& plugin_id, const std::string& output) {
  ASSIGN_OR_RETURN(const auto directory, site.below_own(std::string(kOutputs)));
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(*directory, 0600));
  const std::string name = plugin_id + ".txt";
  const std::string fresh = "." + name;
  if (const auto removed = directory->remove_file(fresh); !removed && removed.error().code != ErrorCode::not_found) {
    return removed.error();
  }
  RETURN_IF_ERROR(directory->write_new(fresh, output, attributes, platform::Sync::no));
  RETURN_IF_ERROR(directory->rename(fresh, *directory, name, platform::RenameMode::replace));
  return fmt::format("{}/{}/{}", kOwnDirectory, kOutputs, name);
}

}  // namespace trueup::engine
