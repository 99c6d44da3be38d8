// Moving to another card: `trueup freeze` here, `trueup install --from` there.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/snapshot.h"
#include "support/store_home.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Json = nlohmann::json;

struct Freeze : testing::Test {
  StoreHome store{TRUEUP_BINARY};
  Trueup& trueup = store.trueup;
  Installation there;
  Trueup trueup_there{TRUEUP_BINARY, there};
  TempDirectory files;
  fs::path lock = files.path() / "plugins.lock";

  void SetUp() override {
    trueup_there.use_registry(store.server.url(StoreHome::kRegistry));
    there.write("config/trueup/settings.json", R"({"ca_file": ")" + store.server.ca_file() + "\"}");
  }
  CommandResult freeze() {
    auto done = trueup.run({"freeze"});
    EXPECT_EQ(done.exit_status, 0) << done.errors;
    write_file(lock, done.output);
    return done;
  }
  Json install_there(int status) {
    const auto done = trueup_there.run({"--json", "install", "--from", lock.string()});
    EXPECT_EQ(done.exit_status, status) << done.output << done.errors;
    return Json::parse(done.output, nullptr, false);
  }
};

TEST_F(Freeze, a_set_of_plugins_is_the_same_on_another_card) {
  store.offer("clock", "1.2.0").offer("weather", "2.0.0", "ledmatrix-weather").publish();
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"install", "weather"}).exit_status, 0);
  const Snapshot before = take_snapshot(store.home.root());
  freeze();
  EXPECT_EQ(difference(before, take_snapshot(store.home.root())), "") << "it only reads";
  const Json done = install_there(0);
  EXPECT_EQ(done["results"].size(), 2U);
  for (const Json& one : done["results"]) EXPECT_EQ(one["result"], "installed") << one;
  for (const char* name : {"clock", "ledmatrix-weather"}) {
    EXPECT_EQ(difference(take_snapshot(store.home.plugin(name)), take_snapshot(there.plugin(name)), Compare::contents),
              "");
  }
  for (const Json& one : install_there(0)["results"]) EXPECT_EQ(one["result"], "up_to_date") << one;
  EXPECT_EQ(Json::parse(trueup_there.run({"freeze"}).output), Json::parse(read_file(lock)));
}

TEST_F(Freeze, another_version_or_other_files_are_refused_and_named) {
  store.offer("clock", "1.2.0").offer("weather", "2.0.0").publish();
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"install", "weather"}).exit_status, 0);
  freeze();
  write_file(store.in_repository("weather") / "manager.py", "class SamplePlugin:\n    evil = True\n");
  store.list_anew().list(R"({"id": "weather", "latest_version": "2.0.0", "plugin_path": "plugins/weather", "repo": ")" +
                         store.server.url("/u/plugins") + "\"}");
  store.offer("clock", "1.3.0").publish();
  const Json done = install_there(1);
  EXPECT_EQ(done["results"][0]["plugin_id"], "clock");
  EXPECT_THAT(done["results"][0]["message"].get<std::string>(), testing::AllOf(HasSubstr("1.2.0"), HasSubstr("1.3.0")));
  EXPECT_THAT(done["results"][1]["message"].get<std::string>(), HasSubstr("other files"));
  EXPECT_FALSE(fs::exists(there.plugin("clock")));
  EXPECT_FALSE(fs::exists(there.plugin("weather")));
}

TEST_F(Freeze, a_version_with_an_address_of_its_own_comes_back_when_the_store_has_moved_on) {
  const std::string path = "/releases/clock-1.2.0.zip";
  const TempDirectory old;
  write_plugin(old.path(), "clock", "1.2.0");
  store.server.put(path, zip_of(entries_below(old.path(), "clock/")));
  store.list(R"({"id": "clock", "latest_version": "1.2.0", "download_url": ")" + store.server.url(path) + "\"}");
  store.publish();
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  freeze();
  store.list_anew().offer("clock", "1.3.0").publish();
  EXPECT_EQ(install_there(0)["results"][0]["version"], "1.2.0");
}

TEST_F(Freeze, what_no_store_can_give_is_left_out_and_named) {
  const TempDirectory dev;
  write_plugin(dev.path() / "dev", "dev", "1.0.0");
  store.offer("clock", "1.2.0").offer("edited", "1.0.0").publish();
  ASSERT_EQ(trueup.run({"install", "clock"}).exit_status, 0);
  ASSERT_EQ(trueup.run({"install", "edited"}).exit_status, 0);
  write_file(store.home.plugin("edited") / "manager.py", "# mine\n");
  store.home.add_plugin("mine");
  store.home.root();
  fs::create_directory_symlink(dev.path() / "dev", store.home.plugin("dev"));
  const auto done = freeze();
  const Json text = Json::parse(done.output);
  ASSERT_EQ(text["plugins"].size(), 1U) << done.output;
  EXPECT_EQ(text["plugins"][0]["id"], "clock");
  for (const char* id : {"dev", "edited", "mine"}) EXPECT_THAT(done.errors, HasSubstr(id));
  EXPECT_THAT(done.errors, HasSubstr("manager.py"));
  EXPECT_THAT(install_there(0)["notes"].dump(), HasSubstr("mine was left out"));
}

TEST_F(Freeze, what_is_no_lock_file_is_refused_before_anything_is_written) {
  store.offer("clock").publish();
  for (const char* text : {"", "[]", "{\"schema\": 2, \"plugins\": []}",
                           R"({"schema": 1, "plugins": [{"id": "../x", "entry": "x", "source": "y"}]})"}) {
    write_file(lock, text);
    EXPECT_TRUE(install_there(1).contains("error")) << text;
  }
  EXPECT_EQ(trueup_there.run({"install", "--from", files.path().string()}).exit_status, 1);
  EXPECT_EQ(trueup_there.run({"install", "clock", "--from", lock.string()}).exit_status, 64);
  EXPECT_EQ(trueup_there.run({"install"}).exit_status, 64);
}

}  // namespace
}  // namespace trueup::test
