// What a verb refuses leaves every byte as it was, and no trace of trueup.
#include <cerrno>
#include <functional>

#include "engine/configure.h"
#include "engine/install.h"
#include "engine/pictures.h"
#include "engine/remove_directory.h"
#include "engine/set_enabled.h"
#include "engine/store_test_support.h"
#include "engine/uninstall.h"

namespace trueup::engine {
namespace {

constexpr const char* kPng = "\x89PNG\r\n\x1a\nboat";

class Refusals : public StoreTest {
 protected:
  Refusals() {
    add_plugin("clock");
    configure({{"clock", R"({"enabled": true})"}});
    record_state({record("clock", true)});
    write("config/uninstalled_plugins.json", "[]");
  }

  template <typename Verb>
  Error refused(const Verb& verb) {
    const auto before = platform::tree_of(disk.image());
    World here = world();
    here.store = &store_;
    const auto done = verb(here);
    EXPECT_FALSE(done);
    const auto after = platform::tree_of(disk.image());
    EXPECT_TRUE(after == before) << "something was changed or left";
    return done ? Error{} : done.error();
  }
  template <typename Verb>
  void refused_while_unread(const std::string& unread, const Verb& verb) {
    SCOPED_TRACE(unread);
    disk.fail_reading(path(unread), EIO);
    const Error error = refused(verb);
    disk.fail_reading(path(unread), 0);
    EXPECT_EQ(error.code, ErrorCode::unreadable) << error.text();
  }
};

TEST_F(Refusals, purge_takes_the_secrets_of_a_plugin_that_only_the_registry_knows_and_no_others) {
  configure({{"clock", R"({"enabled": true})"}});
  write("config/config_secrets.json", R"({"radio": {"key": "k1"}, "kitchen": {"key": "k2"}, "github": {}})", 0640);
  offer("radio", "radio", "1.0.0");
  auto here = world();
  here.store = &store_;
  EXPECT_FALSE(purge_settings(here, "kitchen")) << "nothing shows that it is a plugin's";
  EXPECT_FALSE(purge_settings(here, "github"));
  const auto done = purge_settings(here, "radio");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(read("config/config_secrets.json"), R"({"kitchen": {"key": "k2"}, "github": {}})");
}

TEST_F(Refusals, uninstall_while_anything_that_it_rests_on_cannot_be_read) {
  const auto remove_all = [](World& here) { return uninstall(here, "clock", Settings::remove); };
  const auto keep = [](World& here) { return uninstall(here, "clock", Settings::keep); };
  for (const char* file : {"config/config.json", "config/uninstalled_plugins.json", "data/plugin_state.json"}) {
    refused_while_unread(file, remove_all);
    refused_while_unread(file, keep);
  }
  refused_while_unread("config/config_secrets.json", remove_all);
  refused_while_unread("plugin-repos", keep);
  write("config/config.json", "{");
  EXPECT_EQ(refused(keep).code, ErrorCode::unreadable);
}

TEST_F(Refusals, uninstall_of_a_directory_while_the_list_of_removed_plugins_cannot_be_read) {
  refused_while_unread("config/uninstalled_plugins.json", [](World& here) { return remove_directory(here, "clock"); });
}

TEST_F(Refusals, uninstall_of_a_directory_on_a_disk_that_belongs_to_another_installation) {
  World here = world();
  ASSERT_TRUE(set_enabled(here, "clock", false));
  ASSERT_TRUE(set_enabled(here, "clock", true));  // from the second run on the plugins directory is marked
  const std::string mark = "plugin-repos/.trueup.standalone-backup-work/installation-id";
  ASSERT_NE(read(mark), "(not there)");
  write(mark, std::string(read(mark).size(), '0'));
  const std::string manifest = read("plugin-repos/clock/manifest.json");
  const auto removed = remove_directory(here, "clock");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::unreadable) << removed.error().text();
  EXPECT_EQ(read("plugin-repos/clock/manifest.json"), manifest);
  EXPECT_EQ(read("config/uninstalled_plugins.json"), "[]");
}

TEST_F(Refusals, names_that_lead_elsewhere) {
  for (const std::string name : {"", "..", "../../config", "a/b", "clock\n"}) {
    SCOPED_TRACE(name);
    const std::vector<NewPicture> pictures{{.name = "boat.png", .bytes = kPng}};
    for (const Error& error : {
             refused([&](World& here) { return set_enabled(here, name, false); }),
             refused([&](World& here) { return uninstall(here, name, Settings::keep); }),
             refused([&](World& here) { return add_pictures(here, name, pictures); }),
             refused([&](World& here) { return remove_picture(here, name, "config.json"); }),
         }) {
      EXPECT_EQ(error.code, ErrorCode::invalid) << error.text();
    }
  }
}

TEST_F(Refusals, directories_that_are_no_plugins) {
  World here = world();
  ASSERT_TRUE(set_enabled(here, "clock", false));
  ASSERT_TRUE(set_enabled(here, "clock", true));
  for (const std::string name : {"", ".", "..", "../config", "clock/manager.py"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refused([&](World& at) { return remove_directory(at, name); }).code, ErrorCode::invalid);
  }
  const Error own = refused([](World& at) { return remove_directory(at, ".trueup.standalone-backup-work"); });
  EXPECT_EQ(own.code, ErrorCode::refused);
  EXPECT_NE(own.message.find("needed for undo"), std::string::npos) << own.text();
}

TEST_F(Refusals, pictures_that_are_none_are_too_many_or_of_a_plugin_that_cannot_be_read) {
  const auto add = [](const std::vector<NewPicture>& pictures) {
    return [pictures](World& here) { return add_pictures(here, "clock", pictures); };
  };
  const NewPicture boat{.name = "boat.png", .bytes = kPng};
  EXPECT_EQ(refused(add({{.name = "boat.png", .bytes = "#!/bin/sh"}})).code, ErrorCode::invalid);
  EXPECT_EQ(refused(add(std::vector<NewPicture>(100, boat))).code, ErrorCode::invalid);
  EXPECT_EQ(refused(add({})).code, ErrorCode::invalid);
  refused_while_unread("plugin-repos", add({boat}));
}

TEST_F(Refusals, install_of_what_another_program_seems_to_be_installing_right_now) {
  entries_.clear();
  offer("news", "news", "2.0.0");
  write("plugin-repos/news.standalone-backup-preinstall/manifest.json", "{}");
  ports.processes.units["ledmatrix-web.service"] = platform::UnitState::active;
  ports.clock.on_sleep([&] { add_plugin("news", "1.9.0"); });
  World here = world();
  here.store = &store_;
  const auto done = install(here, "news");
  ports.clock.on_sleep({});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::conflict) << done.error().text();
  EXPECT_EQ(read("plugin-repos/news.standalone-backup-preinstall/manifest.json"), "{}");
  EXPECT_NE(read("plugin-repos/news/manifest.json").find("1.9.0"), std::string::npos);
  EXPECT_EQ(read(".trueup/lock"), "(not there)");
}

TEST_F(Refusals, install_under_a_new_name_while_what_belongs_to_the_old_one_cannot_be_read) {
  entries_.clear();
  offer("clock", "ledmatrix-clock", "2.0.0");
  disk.erase(path("plugin-repos/clock"));
  disk.fail_reading(path("data/plugin_state.json"), EIO);
  const auto before = theirs(disk);
  World here = world();
  here.store = &store_;
  const auto done = install(here, "clock");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::unreadable) << done.error().text();
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Refusals, enable_says_when_the_secrets_file_may_overrule_it) {
  disk.fail_reading(path("config/config_secrets.json"), EIO);
  World here = world();
  const auto done = set_enabled(here, "clock", false);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(std::ranges::any_of(done->notes, [](const std::string& note) {
    return note.find("config_secrets.json could not be read") != std::string::npos;
  }));
}

}  // namespace
}  // namespace trueup::engine
