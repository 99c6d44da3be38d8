#include "engine/install.h"

#include "engine/remove_directory.h"
#include "engine/store_test_support.h"
#include "engine/undo.h"

namespace trueup::engine {
namespace {

constexpr std::string_view kPlugins = "plugin-repos/";

class Install : public StoreTest {
 protected:
  Result<InstallReport> install_plugin(const std::string& name) {
    World here = world();
    here.store = &store_;
    return install(here, name);
  }
  bool is_there(const std::string& directory) {
    return read(std::string(kPlugins) + directory + "/manager.py") != "(not there)";
  }
  std::string code(const std::string& directory) { return read(std::string(kPlugins) + directory + "/manager.py"); }
};

TEST_F(Install, a_new_plugin_comes_switched_off_and_is_recorded) {
  offer("clock", "clock", "1.2.0");
  record_state({});
  const auto report = install_plugin("clock");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->plugin_id, "clock");
  EXPECT_EQ(report->version, "1.2.0");
  EXPECT_EQ(report->history.size(), 1U);
  EXPECT_TRUE(is_there("clock"));
  EXPECT_NE(read("config/config.json").find("\"clock\": {\n        \"enabled\": false\n    }"), std::string::npos);
  EXPECT_NE(read("data/plugin_state.json").find("\"version\": \"1.2.0\""), std::string::npos);
}

TEST_F(Install, an_existing_section_stays_as_it_is) {
  offer("clock", "clock", "1.2.0");
  configure({{"clock", R"({"enabled": true, "color": "red"})"}});
  const std::string before = read("config/config.json");
  ASSERT_TRUE(install_plugin("clock"));
  EXPECT_EQ(read("config/config.json"), before);
  EXPECT_TRUE(is_there("clock"));
}

TEST_F(Install, each_replaced_version_is_kept_under_a_number_of_its_own_also_where_no_file_but_the_plugin_changed) {
  add_plugin("clock");
  configure({{"clock", R"({"enabled": true})"}});
  record_state({record("clock", true)});  // without a version: it stays as it is
  for (const char* version : {"2.0.0", "3.0.0"}) {
    entries_.clear();
    offer("clock", "clock", version);
    const auto report = install_plugin("clock");
    ASSERT_TRUE(report) << report.error().text();
  }
  EXPECT_NE(code("clock").find("3.0.0"), std::string::npos);
  EXPECT_NE(read("plugin-repos/.trueup.standalone-backup-work/kept/1-clock/manifest.json").find("1.0.0"),
            std::string::npos);
  EXPECT_NE(read("plugin-repos/.trueup.standalone-backup-work/kept/2-clock/manifest.json").find("2.0.0"),
            std::string::npos);
}

class InstallBySpelling : public Install, public ::testing::WithParamInterface<const char*> {};

TEST_P(InstallBySpelling, F81_the_registrys_name_and_the_plugins_own_name_give_the_same_plugin) {
  offer("weather", "ledmatrix-weather", "2.6.6");
  const auto report = install_plugin(GetParam());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->plugin_id, "ledmatrix-weather");
  EXPECT_TRUE(is_there("ledmatrix-weather"));
  EXPECT_FALSE(is_there("weather"));
  EXPECT_EQ(read("config/config.json").find("\"weather\""), std::string::npos);
  EXPECT_NE(read("config/config.json").find("\"ledmatrix-weather\""), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Both, InstallBySpelling, ::testing::Values("weather", "ledmatrix-weather"));

TEST_F(Install, F52_every_name_of_the_plugin_is_forgotten_as_removed_and_no_other) {
  offer("weather", "ledmatrix-weather", "2.6.6", R"(, "aliases": ["old-weather"])");
  write("config/uninstalled_plugins.json",
        "[\n  \"ledmatrix-weather\",\n  \"news\",\n  \"old-weather\",\n  \"weather\"\n]");
  const auto report = install_plugin("weather");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->was_removed_before);
  EXPECT_EQ(read("config/uninstalled_plugins.json"), "[\n  \"news\"\n]");
}

TEST_F(Install, F52_a_failed_install_forgets_nothing) {
  offer("weather", "ledmatrix-weather", "2.6.6");
  disk.put_file("/registry/plugins/ledmatrix-weather/manifest.json", "{");
  write("config/uninstalled_plugins.json", "[\n  \"weather\"\n]");
  EXPECT_FALSE(install_plugin("weather"));
  EXPECT_EQ(read("config/uninstalled_plugins.json"), "[\n  \"weather\"\n]");
  EXPECT_FALSE(is_there("ledmatrix-weather"));
  EXPECT_EQ(read("config/config.json").find("weather"), std::string::npos);
}

TEST_F(Install, the_version_that_is_there_already_is_left_alone) {
  offer("clock", "clock", "1.0.0");
  add_plugin("clock", "1.0.0");
  configure({{"clock", R"({"enabled": true})"}});
  record_state({record("clock", true)});
  const auto before = theirs(disk);
  const auto report = install_plugin("clock");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->unchanged);
  EXPECT_TRUE(report->history.empty());
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, F30_another_version_replaces_the_one_that_is_there_and_keeps_it) {
  offer("weather", "ledmatrix-weather", "3.0.0");
  add_plugin("ledmatrix-weather", "2.6.6");
  write("plugin-repos/ledmatrix-weather/cities.json", "[]");
  const auto report = install_plugin("weather");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->previous_version, "2.6.6");
  EXPECT_EQ(code("ledmatrix-weather"), "class P:\n    version = '3.0.0'\n");
  EXPECT_EQ(read("plugin-repos/ledmatrix-weather/cities.json"), "[]");
  EXPECT_EQ(read("plugin-repos/.trueup.standalone-backup-work/kept/1-ledmatrix-weather/manager.py"),
            "class P:\n    pass\n");
}

TEST_F(Install, F30_when_the_offer_is_refused_the_old_version_stays_and_works) {
  offer("weather", "ledmatrix-weather", "3.0.0");
  disk.put_file("/registry/plugins/ledmatrix-weather/manifest.json", "{\"id\": ");
  add_plugin("ledmatrix-weather", "2.6.6");
  const auto before = theirs(disk);
  EXPECT_FALSE(install_plugin("weather"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, a_plugin_stays_in_the_directory_it_is_in) {
  offer("clock", "clock", "2.0.0");
  add_plugin("clock", "1.0.0");
  write("plugin-repos/my-clock/manifest.json", read("plugin-repos/clock/manifest.json"));
  write("plugin-repos/my-clock/manager.py", "class P:\n    pass\n");
  disk.erase(path("plugin-repos/clock"));
  const auto report = install_plugin("clock");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->directory, "my-clock");
  EXPECT_EQ(code("my-clock"), "class P:\n    version = '2.0.0'\n");
  EXPECT_FALSE(is_there("clock"));
}

TEST_F(Install, a_damaged_directory_is_replaced_when_asked_by_name_and_comes_back_with_undo) {
  offer("mine", "mine", "1.0.0");
  add_plugin("mine");
  write("plugin-repos/mine/manifest.json", "{\"id\": \"mi");
  write("plugin-repos/mine/notes.txt", "the owner's");
  configure({{"mine", R"({"enabled": true})"}});
  const auto before = theirs(disk);
  const auto report = install_plugin("mine");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->replaced_damaged);
  EXPECT_EQ(code("mine"), "class P:\n    version = '1.0.0'\n");
  EXPECT_EQ(read("plugin-repos/mine/notes.txt"), "the owner's");
  World here = world();
  const auto undone = undo(here, report->history.front(), UndoReach::this_one);
  ASSERT_TRUE(undone) << undone.error().text();
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, F76_a_damaged_directory_is_never_replaced_by_a_plugin_with_another_id) {
  offer("mine", "theirs", "1.0.0");
  add_plugin("mine");
  write("plugin-repos/mine/manifest.json", "{\"id\": \"mi");
  const auto before = theirs(disk);
  EXPECT_FALSE(install_plugin("mine"));
  EXPECT_FALSE(install_plugin("theirs"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, F76_a_file_where_the_plugin_belongs_is_not_replaced) {
  offer("mine", "mine", "1.0.0");
  write("plugin-repos/mine", "a file");
  configure({{"mine", R"({"enabled": true})"}});
  const auto before = theirs(disk);
  EXPECT_FALSE(install_plugin("mine"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, F53_two_directories_of_one_plugin_are_both_named_and_left) {
  offer("clock", "clock", "2.0.0");
  add_plugin("clock");
  write("plugin-repos/copy/manifest.json", read("plugin-repos/clock/manifest.json"));
  const auto report = install_plugin("clock");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("clock"), std::string::npos);
  EXPECT_NE(report.error().message.find("copy"), std::string::npos);
}

TEST_F(Install, F150_a_linked_plugin_is_not_replaced) {
  offer("dev", "dev", "2.0.0");
  disk.put_file("/srv/dev/manifest.json", R"({"id": "dev", "name": "d", "version": "0", "display_modes": []})");
  disk.put_link(path("plugin-repos/dev"), "/srv/dev");
  EXPECT_FALSE(install_plugin("dev"));
  EXPECT_EQ(disk.files().count("/srv/dev/manager.py"), 0U);
}

TEST_F(Install, F86_a_reserved_name_and_a_name_that_no_plugin_can_have_are_refused_before_anything) {
  offer("clock", "clock", "1.0.0");
  const auto before = disk.files();
  for (const char* name : {"display", "schedule", "../clock", "", "a b"}) {
    const auto report = install_plugin(name);
    ASSERT_FALSE(report) << name;
    EXPECT_EQ(report.error().code, ErrorCode::invalid) << name;
  }
  EXPECT_EQ(theirs(disk).size(), before.size());
}

TEST_F(Install, the_prefix_of_older_installations_alone_installs_nothing_and_names_the_candidate) {
  offer("weather", "weather", "1.0.0");
  const auto report = install_plugin("ledmatrix-weather");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_NE(report.error().hint.find("'weather'"), std::string::npos);
}

TEST_F(Install, what_cannot_be_read_blocks_what_rests_on_its_silence) {
  offer("clock", "clock", "1.0.0");
  write("config/uninstalled_plugins.json", "[");
  const auto before = theirs(disk);
  const auto report = install_plugin("clock");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unreadable);
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Install, F150_a_directory_or_a_link_is_set_aside_by_its_name) {
  add_plugin("copy");
  disk.put_file("/srv/dev/manager.py", "mine");
  disk.put_link(path("plugin-repos/dev"), "/srv/dev");
  World here = world();
  const auto directory = remove_directory(here, "copy");
  ASSERT_TRUE(directory) << directory.error().text();
  EXPECT_FALSE(is_there("copy"));
  EXPECT_EQ(read("plugin-repos/.trueup.standalone-backup-work/kept/1-copy/manager.py"), "class P:\n    pass\n");
  const auto link = remove_directory(here, "dev");
  ASSERT_TRUE(link) << link.error().text();
  EXPECT_TRUE(link->was_link);
  EXPECT_EQ(disk.files().at("/srv/dev/manager.py"), "mine");
  EXPECT_EQ(link->history.size(), 1U);
}

TEST_F(Install, only_a_plain_name_in_the_plugins_directory_is_set_aside) {
  write("plugin-repos/notes.txt", "mine");
  World here = world();
  for (const char* name : {"", "..", "../config", "gone", "notes.txt", ".trueup.standalone-backup-work"}) {
    EXPECT_FALSE(remove_directory(here, name)) << name;
  }
  EXPECT_EQ(read("plugin-repos/notes.txt"), "mine");
}

}  // namespace
}  // namespace trueup::engine
