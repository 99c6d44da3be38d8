// The real `trueup` run on a test's installation, and what it said, taken apart by another JSON reader than ours.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/command.h"
#include "support/installation.h"

namespace trueup::test {

struct ShownFinding {
  std::string type;
  std::string plugin_id;
  std::string fix_action;
  std::string reason;
  std::string finding;
  std::string description;
  std::string advice;
};

struct ShownStep {
  std::string action;
  std::string plugin_id;
  std::string held;
};

/// What `status`, `plan` or `reconcile --json` printed.
struct Shown {
  CommandResult ran;
  std::vector<ShownFinding> found;
  std::vector<ShownFinding> fixed;
  std::vector<ShownFinding> manual;
  std::vector<ShownStep> steps;
  std::map<std::string, std::string> sources;  // name -> verdict
  std::string message;
  std::string plan_digest;
  bool successful = false;

  [[nodiscard]] const ShownFinding* finding(std::string_view id) const;
  /// Steps that would really be done.
  [[nodiscard]] std::size_t steps_to_do() const;
};

struct ListedPlugin {
  std::string directory;
  std::string version;
  std::string state;
  bool enabled = false;
};

class Trueup {
 public:
  Trueup(std::string binary, Installation& home) : binary_(std::move(binary)), home_(home) {}

  /// From now on this registry, and not the installation's local one.
  void use_registry(std::string registry) { registry_ = std::move(registry); }
  /// Runs a command line on the installation and its registry. No network but this machine's is within reach.
  CommandResult run(const std::vector<std::string>& words, const CommandOptions& options = {});
  /// Runs it with --json and takes the answer apart; a test fails where it is no JSON.
  Shown shown(const std::vector<std::string>& words, const CommandOptions& options = {});
  Shown plan() { return shown({"plan"}); }
  Shown reconcile() { return shown({"reconcile"}); }
  std::map<std::string, ListedPlugin> list();

  /// The command line, for tests that start it themselves.
  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words);

 private:
  std::string binary_;
  Installation& home_;
  std::string registry_;  // empty: the installation's local one
};

/// The value at a JSON pointer ("/clock/enabled") as compact JSON text; nothing when the text is no JSON or has none.
std::optional<std::string> json_at(const std::string& text, const std::string& pointer);

/// Whether any file below `directory` has these bytes as its whole content.
bool some_file_is(const std::filesystem::path& directory, std::string_view bytes);
/// The paths below `directory` of regular files that contain `text`.
std::vector<std::string> files_containing(const std::filesystem::path& directory, std::string_view text);

}  // namespace trueup::test
