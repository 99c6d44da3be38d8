// An installation whose store has newer versions of its plugins, and what `trueup update` says of each.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "support/snapshot.h"
#include "support/store_home.h"

namespace trueup::test {

struct UpdateTest : testing::Test {
  StoreHome store{TRUEUP_BINARY};
  Installation& home = store.home;
  Trueup& trueup = store.trueup;
  CommandResult ran;

  /// What the store offers from now on, and the installation knows of it.
  void release(const std::vector<std::pair<std::string, std::string>>& plugins) {
    store.list_anew();
    for (const auto& [id, version] : plugins) store.offer(id, version);
    publish();
  }
  void publish() {
    store.publish();
    const auto asked = trueup.run({"store", "refresh"});
    ASSERT_EQ(asked.exit_status, 0) << asked.output << asked.errors;
  }
  void install(const std::string& id) {
    const auto done = trueup.run({"install", id});
    ASSERT_EQ(done.exit_status, 0) << done.errors;
  }
  /// The results by plugin.
  std::map<std::string, nlohmann::json> update(std::vector<std::string> words) {
    words.insert(words.begin(), {"--json", "update"});
    ran = trueup.run(words);
    std::map<std::string, nlohmann::json> results;
    const nlohmann::json answer = nlohmann::json::parse(ran.output, nullptr, false);
    EXPECT_TRUE(answer.is_object()) << ran.output << ran.errors;
    if (!answer.is_object() || !answer.contains("results")) return results;
    for (const nlohmann::json& one : answer["results"]) results[one["plugin_id"]] = one;
    EXPECT_EQ(results.size(), answer["results"].size());
    return results;
  }
  std::string result(const std::map<std::string, nlohmann::json>& results, const std::string& id) {
    const auto found = results.find(id);
    return found == results.end() ? "(not told of)" : found->second["result"].get<std::string>();
  }
  std::string version_of(const std::string& directory) {
    return nlohmann::json::parse(read_file(home.plugin(directory) / "manifest.json"))["version"];
  }
  /// Changes a file of the archive that is served.
  void spoil(const std::string& ending, const std::function<std::string(const std::string&)>& change) {
    auto archive = store.archive();
    for (ZipEntry& one : archive) {
      if (one.name.ends_with(ending)) one.bytes = change(one.bytes);
    }
    store.put_archive(zip_of(archive));
  }
  /// The manifest of this plugin in the archive, with a member of another value.
  void set_in_manifest(const std::string& id, const std::string& key, const nlohmann::json& value) {
    spoil(id + "/manifest.json", [&](const std::string& text) {
      nlohmann::json manifest = nlohmann::json::parse(text);
      manifest[key] = value;
      return manifest.dump();
    });
  }
  std::vector<std::string> names_in_plugins() {
    std::vector<std::string> names;
    for (const auto& one : std::filesystem::directory_iterator(home.plugins()))
      names.push_back(one.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
};

/// What git prints, in this repository and with no settings of whoever runs the tests.
inline std::string git(const std::filesystem::path& directory, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", directory.string(), "-c", "user.name=Someone", "-c", "user.email=s@x.org"});
  const auto done = run_command(words, {.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}}});
  EXPECT_EQ(done.exit_status, 0) << words[7] << done.errors;
  return done.output;
}

inline const std::string kArchivePath(StoreHome::kArchive);

}  // namespace trueup::test
