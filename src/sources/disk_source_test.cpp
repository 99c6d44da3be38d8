#include "sources/disk_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "model/plugin_id.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"
#include "sources/receipt.h"

namespace trueup::sources {
namespace {

using model::EntryKind;
using model::ManifestVerdict;
using model::Verdict;

constexpr std::string_view kReceipt =
    R"({"schema": 1, "plugin_id": "a", "version": "1.0", "origin": "o", "entry": "a", "digest": "d", "files": []})";

std::string manifest(const std::string& id, const std::string& version = "1.0") {
  return R"({"id": ")" + id + R"(", "name": "A Plugin", "version": ")" + version + R"(", "class_name": "Plugin"})";
}

class Disk : public ::testing::Test {
 protected:
  void SetUp() override { disk_.put_directory("/pi/plugin-repos"); }
  void put(const std::string& path, std::string bytes) { disk_.put_file("/pi/plugin-repos/" + path, std::move(bytes)); }
  void put_plugin(const std::string& id) { put(id + "/manifest.json", manifest(id)); }
  DiskReading read(DiskRequest request = {}) {
    request.root_path = "/pi";
    if (request.configured.empty()) request.configured = "plugin-repos";
    const auto root = disk_.open_root_for_reading("/pi").value();
    return read_disk(*root, disk_, request);
  }
  model::PluginDirectory only(const std::string& name) {
    for (auto& directory : read().facts.directories) {
      if (directory.name == name) return directory;
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& directory : read().facts.directories) out.push_back(directory.name);
    return out;
  }

  platform::MemoryFileSystem disk_;
};

TEST_F(Disk, a_plugin_is_its_manifest_and_its_receipt) {
  put("ledmatrix-weather/manifest.json",
      R"({"id": "weather", "name": "Weather", "version": "1.2", "aliases": ["old-weather"]})");
  put("ledmatrix-weather/.trueup-receipt.json", std::string(kReceipt));
  const auto plugin = only("ledmatrix-weather");
  EXPECT_EQ(plugin.kind, EntryKind::directory);
  EXPECT_EQ(plugin.manifest, ManifestVerdict::good);
  EXPECT_TRUE(plugin.manifest_is_object);
  EXPECT_EQ(plugin.id, "weather");
  EXPECT_EQ(plugin.version, "1.2");
  EXPECT_EQ(plugin.display_name, "Weather");
  EXPECT_EQ(plugin.former_ids, std::vector<std::string>{"old-weather"});
  ASSERT_TRUE(plugin.receipt);
  EXPECT_EQ(plugin.receipt->origin, "o");
  EXPECT_EQ(read().reading.verdict, Verdict::complete);
}

TEST_F(Disk, lists_every_name_that_could_be_a_plugin_and_no_litter) {
  put_plugin("zzz");
  put_plugin("aaa");
  put_plugin(".hidden");      // LEDMatrix does not exclude hidden directories
  put_plugin("caf\xc3\xa9");  // no id, but a manifest
  disk_.put_directory("/pi/plugin-repos/empty");
  put("README.md", "text");  // the planner knows whether anything mentions it
  put("not a plugin.txt", "text");
  for (const char* litter : {".git", "__pycache__", "lost+found", "a directory"}) {
    disk_.put_directory(std::string("/pi/plugin-repos/") + litter);
  }
  disk_.put_directory("/pi/plugin-repos/" + std::string(model::kContainerName));
  EXPECT_EQ(names(), (std::vector<std::string>{".hidden", "README.md", "aaa", "caf\xc3\xa9", "empty", "zzz"}));
  EXPECT_EQ(only("README.md").kind, EntryKind::other);
  EXPECT_TRUE(read().facts.asides.empty());
}

TEST_F(Disk, one_bad_manifest_never_hides_another_plugin_F07_F08_F76) {
  put_plugin("aaa");
  put_plugin("zzz");
  for (const std::string payload :
       {"null", "[]", "\"x\"", "42", "true", "", "{", "{\"id\":null}", "{\"id\":7}", "{\"name\": \"no id\"}"}) {
    put("bad/manifest.json", payload);
    EXPECT_EQ(names(), (std::vector<std::string>{"aaa", "bad", "zzz"})) << payload;
    EXPECT_EQ(only("bad").manifest, ManifestVerdict::invalid) << payload;
    EXPECT_NE(only("bad").manifest_problem, "") << payload;
    EXPECT_EQ(only("aaa").manifest, ManifestVerdict::good);
  }
  constexpr std::size_t kFarTooMuch = 20'000'000;
  std::string large;
  large.resize(kFarTooMuch, ' ');
  put("bad/manifest.json", large);
  EXPECT_NE(only("bad").manifest_problem.find("larger"), std::string::npos) << only("bad").manifest_problem;
}

TEST_F(Disk, what_stands_in_place_of_a_manifest_is_told_apart_F08_F76) {
  disk_.put_directory("/pi/plugin-repos/none");
  disk_.put_directory("/pi/plugin-repos/directory/manifest.json");
  disk_.put_directory("/pi/plugin-repos/fifo");
  disk_.put_special("/pi/plugin-repos/fifo/manifest.json");
  disk_.put_directory("/pi/plugin-repos/dangling");
  disk_.put_link("/pi/plugin-repos/dangling/manifest.json", "nowhere");
  put_plugin("unreadable");
  disk_.fail_reading("/pi/plugin-repos/unreadable/manifest.json", EACCES);
  EXPECT_EQ(only("none").manifest, ManifestVerdict::missing);
  EXPECT_EQ(only("none").manifest_problem, "it has no manifest.json");
  for (const std::string name : {"directory", "fifo", "dangling", "unreadable"}) {
    EXPECT_EQ(only(name).manifest, name == "unreadable" ? ManifestVerdict::unreadable : ManifestVerdict::invalid)
        << name;
    EXPECT_FALSE(only(name).manifest_is_object) << name;
  }
  EXPECT_NE(only("unreadable").manifest_problem.find("Permission denied"), std::string::npos);
}

TEST_F(Disk, a_link_counts_as_what_it_leads_to) {
  disk_.put_file("/home/dev/plugin/manifest.json", manifest("dev"));
  disk_.put_file("/home/dev/plugin/.trueup-receipt.json", std::string(kReceipt));
  disk_.put_link("/pi/plugin-repos/dev", "/home/dev/plugin");
  disk_.put_link("/pi/plugin-repos/gone", "/nowhere");
  disk_.put_link("/pi/plugin-repos/file", "/home/dev/plugin/manifest.json");
  EXPECT_EQ(only("dev").kind, EntryKind::link);
  EXPECT_EQ(only("dev").id, "dev");
  EXPECT_FALSE(only("dev").receipt);  // trueup never unpacks into what a link leads to
  EXPECT_EQ(only("gone").kind, EntryKind::dangling_link);
  EXPECT_EQ(only("file").kind, EntryKind::other);
}

TEST_F(Disk, a_receipt_that_cannot_be_read_is_no_receipt_and_is_told) {
  put_plugin("a");
  put("a/.trueup-receipt.json", "{\"schema\": 1");
  EXPECT_FALSE(only("a").receipt);
  EXPECT_NE(only("a").receipt_problem, "");
  disk_.erase("/pi/plugin-repos/a/.trueup-receipt.json");
  disk_.put_file("/elsewhere.json", std::string(kReceipt));
  disk_.put_link("/pi/plugin-repos/a/.trueup-receipt.json", "/elsewhere.json");
  EXPECT_FALSE(only("a").receipt);
  EXPECT_NE(only("a").receipt_problem, "");
  EXPECT_EQ(only("a").manifest, ManifestVerdict::good);
}

TEST_F(Disk, a_directory_that_is_not_there_is_unreadable_and_never_empty_F10) {
  disk_.erase("/pi/plugin-repos");
  EXPECT_EQ(read().reading.verdict, Verdict::unreadable);
  EXPECT_EQ(read().reading.reason, "absent");
  disk_.put_file("/pi/plugin-repos", "a file");
  EXPECT_EQ(read().reading.verdict, Verdict::unreadable);
}

TEST_F(Disk, a_list_that_breaks_off_is_unreadable_F10) {
  put_plugin("a");
  disk_.fail_reading("/pi/plugin-repos", EIO);
  EXPECT_EQ(read().reading.verdict, Verdict::unreadable);
  EXPECT_EQ(read().reading.reason, "io");
  disk_.fail_reading("/pi/plugin-repos", EACCES);
  EXPECT_EQ(read().reading.reason, "permission");
}

TEST_F(Disk, without_the_container_it_is_not_the_directory_that_was_worked_on_F10) {
  put_plugin("a");
  EXPECT_EQ(read().reading.verdict, Verdict::complete);  // no ledger: nothing is expected
  const auto lost = read({.installation_id = "id-1"});
  EXPECT_EQ(lost.reading.verdict, Verdict::unreadable);
  EXPECT_EQ(lost.reading.reason, "unmounted");
  EXPECT_EQ(lost.facts.directories.size(), 1U);  // shown, though nothing may follow from what is not there
  EXPECT_FALSE(lost.facts.holds_our_container);
  put(std::string(model::kContainerName) + "/installation-id", "id-2\n");
  EXPECT_EQ(read({.installation_id = "id-1"}).reading.reason, "unmounted");
  put(std::string(model::kContainerName) + "/installation-id", "id-1\n");
  const auto found = read({.installation_id = "id-1"});
  EXPECT_EQ(found.reading.verdict, Verdict::complete);
  EXPECT_TRUE(found.facts.holds_our_container);
  EXPECT_EQ(found.facts.directories.size(), 1U);
}

TEST_F(Disk, lies_where_config_says) {
  disk_.put_file("/mnt/usb/x/manifest.json", manifest("x"));
  disk_.put_file("/plugins/y/manifest.json", manifest("y"));
  disk_.put_file("/pi/a/b/z/manifest.json", manifest("z"));
  const auto first = [this](const std::string& configured) {
    const auto result = read({.configured = configured});
    EXPECT_EQ(result.facts.path, configured);
    return result.facts.directories.empty() ? "" : result.facts.directories[0].id;
  };
  EXPECT_EQ(first("/mnt/usb"), "x");
  EXPECT_EQ(first("../plugins"), "y");
  EXPECT_EQ(first("a/b"), "z");
}

class Aside : public Disk {
 protected:
  void SetUp() override {
    Disk::SetUp();
    put_plugin("foo");
    put(kCopy + "/manifest.json", manifest("foo"));
    put(kCopy + "/manager.py", "import x\n\nclass Plugin(Base):\n    pass\n");
  }
  model::Aside read_one() {
    const auto facts = read().facts;
    EXPECT_EQ(facts.asides.size(), 1U);
    return facts.asides.empty() ? model::Aside() : facts.asides[0];
  }
  void expect_incomplete(std::string_view word) {
    const auto aside = read_one();
    EXPECT_FALSE(aside.complete);
    EXPECT_NE(aside.problem.find(word), std::string::npos) << aside.problem;
  }

  const std::string kCopy = "foo.standalone-backup-preinstall";
};

TEST_F(Aside, is_never_a_plugin_and_says_whose_it_was_F06) {
  const auto aside = read_one();
  EXPECT_EQ(aside.owner, "foo");
  EXPECT_TRUE(aside.known_suffix);
  EXPECT_TRUE(aside.complete) << aside.problem;
  EXPECT_EQ(aside.id, "foo");
  EXPECT_EQ(names(), std::vector<std::string>{"foo"});
  put("foo.standalone-backup-20250101/manifest.json", manifest("foo"));
  EXPECT_FALSE(read().facts.asides.at(0).known_suffix);
}

TEST_F(Aside, is_incomplete_without_what_its_manifest_names) {
  put(kCopy + "/manager.py", "");
  expect_incomplete("is empty");
  put(kCopy + "/manager.py", "class Other(Base):\n");
  expect_incomplete("does not define the class");
  disk_.erase("/pi/plugin-repos/" + kCopy + "/manager.py");
  expect_incomplete("manager.py");
  disk_.put_file("/outside.py", "class Plugin:\n");
  disk_.put_link("/pi/plugin-repos/" + kCopy + "/manager.py", "/outside.py");
  expect_incomplete("manager.py");
}

TEST_F(Aside, is_incomplete_when_its_manifest_is_bad_or_reaches_outside) {
  put(kCopy + "/manifest.json", R"({"id": "foo", "entry_point": "../foo/manager.py"})");
  expect_incomplete("outside");
  put(kCopy + "/manifest.json", "{");
  expect_incomplete("line 1");
  disk_.erase("/pi/plugin-repos/" + kCopy + "/manifest.json");
  expect_incomplete("no manifest.json");
}

std::string receipt_of(const std::string& version, const std::string& path) {
  return R"({"schema": 1, "plugin_id": "foo", "version": ")" + version +
         R"(", "origin": "o", "entry": "foo", "digest": "d", "files": [{"path": ")" + path +
         R"(", "size": 1, "sha256": ")" + std::string(64, '0') + "\"}]}";
}

TEST_F(Aside, is_held_to_the_files_of_a_receipt_that_matches) {
  put(kCopy + "/.trueup-receipt.json", receipt_of("0.9", "lost.py"));  // history
  EXPECT_TRUE(read_one().complete);
  put(kCopy + "/.trueup-receipt.json", receipt_of("1.0", "lost.py"));
  expect_incomplete("lost.py");
  put(kCopy + "/.trueup-receipt.json", "{");
  expect_incomplete("receipt");
}

TEST_F(Aside, with_an_edit_of_the_owner_is_complete_and_so_is_a_plugin_beside_one_F72) {
  const std::string receipt = receipt_of("1.0", "manager.py");
  put(kCopy + "/.trueup-receipt.json", receipt);
  EXPECT_TRUE(read_one().complete) << read_one().problem;
  put("foo/.trueup-receipt.json", receipt);
  put("foo/manager.py", "class Plugin(Base):\n    pass  # my edit\n");
  EXPECT_EQ(only("foo").incomplete, "") << "what the owner edited is not exchanged for an older copy";
}

TEST_F(Aside, with_a_file_that_its_receipt_lists_and_the_disk_does_not_give_out_is_unknown) {
  put(kCopy + "/.trueup-receipt.json", receipt_of("1.0", "data/font.bin"));
  put(kCopy + "/data/font.bin", "x");
  disk_.fail_reading("/pi/plugin-repos/" + kCopy + "/data/font.bin", EIO);
  EXPECT_FALSE(read_one().complete);
  EXPECT_EQ(read_one().unread, kCopy + "/data/font.bin");
}

TEST_F(Aside, is_unknown_and_never_incomplete_where_it_cannot_be_read) {
  const std::string receipt =
      R"({"schema": 1, "plugin_id": "foo", "version": "1.0", "origin": "o", "entry": "foo", "digest": "d", "files": []})";
  put(kCopy + "/.trueup-receipt.json", receipt);
  for (const std::string& unread :
       {kCopy, kCopy + "/manifest.json", kCopy + "/manager.py", kCopy + "/.trueup-receipt.json"}) {
    for (const int error : {EIO, EACCES}) {
      disk_.fail_reading("/pi/plugin-repos/" + unread, error);
      const auto aside = read_one();
      EXPECT_FALSE(aside.complete) << unread;
      EXPECT_EQ(aside.unread, unread);
      EXPECT_THAT(aside.problem, testing::HasSubstr(error == EIO ? "Input/output error" : "Permission denied"));
      disk_.fail_reading("/pi/plugin-repos/" + unread, 0);
    }
  }
  EXPECT_TRUE(read_one().complete);
  EXPECT_EQ(read_one().unread, "");
}

TEST_F(Aside, is_incomplete_whatever_cannot_be_read_of_it_where_something_is_surely_wrong) {
  put(kCopy + "/manifest.json",
      R"({"id": "foo", "name": "Foo", "version": "1.0", "class_name": "Plugin", "config_schema": "schema.json"})");
  disk_.fail_reading("/pi/plugin-repos/" + kCopy + "/manager.py", EIO);
  expect_incomplete("schema.json");
  EXPECT_EQ(read_one().unread, "");
  put(kCopy + "/schema.json", "{}");
  EXPECT_EQ(read_one().unread, kCopy + "/manager.py");
}

TEST_F(Aside, beside_a_plugin_that_cannot_be_read_says_nothing_against_that_plugin) {
  put("foo/manager.py", "class Plugin(Base):\n");
  disk_.fail_reading("/pi/plugin-repos/foo/manager.py", EIO);
  EXPECT_EQ(only("foo").incomplete, "");
  disk_.fail_reading("/pi/plugin-repos/foo/manager.py", 0);
  put("foo/manager.py", "");
  EXPECT_NE(only("foo").incomplete, "");
}

TEST_F(Aside, that_is_a_link_is_not_followed) {
  disk_.erase("/pi/plugin-repos/" + kCopy);
  disk_.put_link("/pi/plugin-repos/" + kCopy, "foo");
  expect_incomplete("link");
}

TEST_F(Disk, each_plugin_costs_one_read_of_its_manifest_and_one_of_its_receipt) {
  for (int i = 0; i < 20; ++i) put_plugin("plugin-" + std::to_string(i));
  platform::CallCounter counter;
  platform::ObservedFileSystem observed(disk_, counter);
  const auto root = observed.open_root_for_reading("/pi").value();
  EXPECT_EQ(read_disk(*root, observed, {.root_path = "/pi", .configured = "plugin-repos"}).facts.directories.size(),
            20U);
  EXPECT_EQ(counter.count(platform::Operation::read).calls, 20U);  // the receipts are not there
  EXPECT_EQ(counter.count(platform::Operation::info).calls, 0U);
  EXPECT_EQ(counter.count(platform::Operation::list).calls, 1U);
}

TEST_F(Disk, one_plugin_looked_at_again_is_what_a_whole_scan_says) {
  put("weather/manifest.json", R"({"id": "weather", "version": "1.2", "display_modes": ["now", "later", "now", 7]})");
  put("broken/manifest.json", "{");
  put("README.md", "text");
  put("weather.standalone-backup-1/manifest.json", manifest("weather"));
  const auto plugins = disk_.open_root_for_reading("/pi/plugin-repos").value();
  for (const auto& directory : read().facts.directories) {
    EXPECT_EQ(read_one_plugin(*plugins, directory.name).value(), directory) << directory.name;
  }
  EXPECT_EQ(only("weather").display_modes, (std::vector<std::string>{"now", "later"}));
  for (const char* name : {"gone", "weather.standalone-backup-1"}) {
    EXPECT_EQ(read_one_plugin(*plugins, name).value(), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace trueup::sources
