// observe() on a whole generated installation of every kind of drift, judged by Python itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "model/plugin_id.h"
#include "platform/real_file_system.h"
#include "sources/observe.h"
#include "support/command.h"
#include "support/files.h"
#include "support/test_data.h"

namespace trueup::sources {
namespace {

// What Python's reader makes of the files: directories whose manifest is an object, sections with `enabled`, and what
// becomes of each recorded entry when its members are checked as the state format says.
constexpr std::string_view kJudge = R"(
import json, os, sys
from datetime import datetime
root = sys.argv[1]
plugins = os.path.join(root, 'plugin-repos')
for name in os.listdir(plugins):
    if '.standalone-backup-' in name or not os.path.isdir(os.path.join(plugins, name)):
        continue
    try:
        with open(os.path.join(plugins, name, 'manifest.json'), encoding='utf-8') as file:
            if isinstance(json.load(file), dict):
                print('plugin', name)
    except (OSError, ValueError, RecursionError):
        pass
for name in ('config', 'config_secrets'):
    path = os.path.join(root, 'config', name + '.json')
    if not os.path.exists(path):
        continue
    for key, value in json.load(open(path)).items():
        enabled = ''
        if isinstance(value, dict) and 'enabled' in value and isinstance(value['enabled'], bool):
            enabled = str(value['enabled'])
        print(name, key, type(value).__name__, enabled)
fields = {'plugin_id', 'status', 'enabled', 'version', 'installed_at', 'last_updated', 'config_version', 'metadata'}
for key, entry in json.load(open(os.path.join(root, 'data', 'plugin_state.json')))['states'].items():
    try:
        if not isinstance(entry, dict) or set(entry) - fields or {'plugin_id', 'status', 'enabled'} - set(entry):
            raise ValueError
        if isinstance(entry['status'], str):
            {'installed': 1, 'enabled': 1, 'disabled': 1, 'error': 1, 'unknown': 1}[entry['status']]
        for name in ('installed_at', 'last_updated'):
            if isinstance(entry.get(name), str) and entry[name]:
                datetime.fromisoformat(entry[name])
        print('state', key, 'kept' if isinstance(entry['status'], str) else 'ends')
    except (ValueError, KeyError):
        print('state', key, 'dropped')
)";

std::string python_type(const std::string& type, const std::string& text) {
  if (type == "object") return "dict";
  if (type == "array") return "list";
  if (type == "string") return "str";
  if (type == "boolean") return "bool";
  if (type == "null") return "NoneType";
  return text;
}

std::string line_of(std::string_view file, const model::Section& section) {
  const auto choice = section.enabled.choice();
  return fmt::format("{} {} {} {}", file, section.key, python_type(section.type, "number"),
                     choice ? (*choice ? "True" : "False") : "");
}

std::multiset<std::string> lines_of(const model::Observation& seen) {
  std::multiset<std::string> lines;
  for (const auto& directory : seen.disk.directories) {
    if (directory.manifest_is_object) lines.insert("plugin " + directory.name);
  }
  for (const auto& section : seen.config.sections) lines.insert(line_of("config", section));
  for (const auto& section : seen.config.secrets) lines.insert(line_of("config_secrets", section));
  for (const auto& record : seen.state) {
    using AsOriginal = model::StateRecord::AsOriginal;
    const std::string_view fate = record.original == AsOriginal::kept      ? "kept"
                                  : record.original == AsOriginal::dropped ? "dropped"
                                                                           : "ends";
    lines.insert(fmt::format("state {} {}", record.key, fate));
  }
  return lines;
}

std::multiset<std::string> split(const std::string& text) {
  std::multiset<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    for (const std::string_view number : {" int ", " float "}) {
      if (const auto at = line.rfind(number); at != std::string::npos) line.replace(at, number.size(), " number ");
    }
    lines.insert(line);
  }
  return lines;
}

TEST(ObserveGenerated, sees_what_python_sees_in_installations_of_every_kind_of_drift) {
  const auto maker = test::test_data("make-installation.py");
  if (!maker)
    GTEST_SKIP() << "skipped: the maker of installations is not there (make-installation.py of the test data)";
  for (const std::string seed : {"1", "2"}) {
    const test::TempDirectory directory;
    const std::string root = (directory.path() / "home").string();
    const auto made = test::run_command(
        {"python3", maker->string(), root, "--seed", seed, "--plugins", "100", "--drift", "1", "--mix", "edge"});
    ASSERT_EQ(made.exit_status, 0) << made.errors;
    const auto judged = test::run_command({"python3", "-c", std::string(kJudge), root});
    ASSERT_EQ(judged.exit_status, 0) << judged.errors;

    const platform::RealFileSystem file_system;
    platform::FakeClock clock;
    const platform::FakeProcessTable processes;
    const auto opened = file_system.open_root_for_reading(root);
    ASSERT_TRUE(opened);
    const auto seen = observe({.root = opened->get(),
                               .file_system = &file_system,
                               .clock = &clock,
                               .processes = &processes,
                               .root_path = root});
    ASSERT_TRUE(seen);
    EXPECT_EQ(lines_of(*seen), split(judged.output)) << "seed " << seed;
    EXPECT_FALSE(seen->disk.asides.empty());
    for (const auto& aside : seen->disk.asides) EXPECT_TRUE(aside.complete) << aside.name << ": " << aside.problem;
  }
}

}  // namespace
}  // namespace trueup::sources
