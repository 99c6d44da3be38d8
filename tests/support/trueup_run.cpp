#include "support/trueup_run.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::vector<ShownFinding> findings(const Json& answer, const char* name) {
  std::vector<ShownFinding> out;
  for (const Json& one : answer.value(name, Json::array())) {
    out.push_back({one.value("inconsistency_type", ""), one.value("plugin_id", ""), one.value("fix_action", ""),
                   one.value("reason", ""), one.value("finding", ""), one.value("description", ""),
                   one.value("advice", "")});
  }
  return out;
}

Json parse(const CommandResult& ran) {
  Json answer = Json::parse(ran.output, nullptr, /*allow_exceptions=*/false);
  if (answer.is_discarded()) {
    ADD_FAILURE() << "no JSON, exit status " << ran.exit_status << "\n" << ran.output << ran.errors;
    answer = Json::object();
  }
  return answer;
}

}  // namespace

const ShownFinding* Shown::finding(std::string_view id) const {
  for (const ShownFinding& one : found) {
    if (one.finding == id) return &one;
  }
  return nullptr;
}

std::size_t Shown::steps_to_do() const {
  std::size_t count = 0;
  for (const ShownStep& step : steps) count += step.held.empty() ? 1 : 0;
  return count;
}

std::vector<std::string> Trueup::command(const std::vector<std::string>& words) {
  const std::string registry = registry_.empty() ? home_.registry().string() : registry_;
  std::vector<std::string> all{binary_, "--root", home_.root().string(), "--registry", registry};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

CommandResult Trueup::run(const std::vector<std::string>& words, const CommandOptions& options) {
  CommandOptions here = options;
  here.environment.emplace_back("https_proxy", "http://127.0.0.1:9");  // whatever leaves this machine ends there
  here.environment.emplace_back("no_proxy", "127.0.0.1");
  return run_command(command(words), here);
}

Shown Trueup::shown(const std::vector<std::string>& words, const CommandOptions& options) {
  std::vector<std::string> all{"--json"};
  all.insert(all.end(), words.begin(), words.end());
  Shown shown;
  shown.ran = run(all, options);
  const Json answer = parse(shown.ran);
  shown.found = findings(answer, "inconsistencies_found");
  shown.fixed = findings(answer, "inconsistencies_fixed");
  shown.manual = findings(answer, "inconsistencies_manual");
  for (const Json& step : answer.value("steps", Json::array())) {
    shown.steps.push_back({step.value("action", ""), step.value("plugin_id", ""), step.value("held", "")});
  }
  for (const Json& source : answer.value("sources", Json::array())) {
    shown.sources[source.value("name", "")] = source.value("verdict", "");
  }
  shown.message = answer.value("message", "");
  shown.plan_digest = answer.value("plan_digest", "");
  shown.successful = answer.value("reconciliation_successful", false);
  return shown;
}

std::map<std::string, ListedPlugin> Trueup::list() {
  std::map<std::string, ListedPlugin> plugins;
  const CommandResult ran = run({"--json", "list"});
  EXPECT_EQ(ran.exit_status, 0) << ran.errors;
  for (const Json& one : parse(ran).value("plugins", Json::array())) {
    const bool added =
        plugins
            .emplace(one.value("id", ""), ListedPlugin{one.value("directory", ""), one.value("version", ""),
                                                       one.value("state", ""), one.value("enabled", false)})
            .second;
    EXPECT_TRUE(added) << "listed twice: " << one.value("id", "");
  }
  return plugins;
}

std::optional<std::string> json_at(const std::string& text, const std::string& pointer) {
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const Json::json_pointer place(pointer);
  if (document.is_discarded() || !document.contains(place)) return std::nullopt;
  return document.at(place).dump();
}

bool some_file_is(const fs::path& directory, std::string_view bytes) {
  if (!fs::exists(directory)) return false;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() && read_file(entry.path()) == bytes) return true;
  }
  return false;
}

std::vector<std::string> files_containing(const fs::path& directory, std::string_view text) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    if (read_file(entry.path()).find(text) != std::string::npos) paths.push_back(fs::relative(entry.path(), directory));
  }
  return paths;
}

}  // namespace trueup::test
