// What of the store is fit for the LEDMatrix that is there, and what becomes of the rest.
#include <gmock/gmock.h>

#include "update_support.h"

namespace trueup::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

struct UpdateFit : UpdateTest {};

TEST_F(UpdateFit, what_needs_a_newer_display_is_refused_once_and_the_others_go_on_F94) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  home.add_healthy("foo", true, "1.0.0").add_healthy("bar", true, "1.0.0");
  release({{"foo", "2.0.0"}, {"bar", "2.0.0"}});
  set_in_manifest("foo", "min_ledmatrix_version", "99.0.0");
  const Snapshot before = take_snapshot(home.plugin("foo"));
  const auto results = update({"--all"});
  EXPECT_EQ(ran.exit_status, 1);
  EXPECT_EQ(results.at("foo")["reason"], "needs_newer_ledmatrix");
  EXPECT_THAT(results.at("foo")["message"].get<std::string>(), testing::AllOf(HasSubstr("99.0.0"), HasSubstr("3.2.0")));
  EXPECT_EQ(result(results, "bar"), "updated");
  EXPECT_EQ(difference(before, take_snapshot(home.plugin("foo"))), "");
  const std::size_t asked = store.archive_requests();
  EXPECT_EQ(result(update({"--all"}), "foo"), "failed");
  EXPECT_EQ(result(update({"foo"}), "foo"), "failed");
  EXPECT_EQ(store.archive_requests(), asked) << "the same entry is not fetched again";
  release({{"foo", "2.0.1"}, {"bar", "2.0.0"}});
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << "another one is";
}

TEST_F(UpdateFit, what_needed_a_newer_display_is_fetched_once_more_when_the_display_is_newer_F94) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  home.add_healthy("foo", true, "1.0.0");
  release({{"foo", "2.0.0"}});
  set_in_manifest("foo", "min_ledmatrix_version", "3.5.0");
  EXPECT_EQ(result(update({"foo"}), "foo"), "failed");
  const std::size_t asked = store.archive_requests();
  home.write("src/__init__.py", "__version__ = \"3.4.0\"\n");
  EXPECT_THAT(update({"foo"}).at("foo")["message"].get<std::string>(), HasSubstr("3.4.0")) << "of today's display";
  EXPECT_EQ(store.archive_requests(), asked + 1);
  EXPECT_EQ(result(update({"foo"}), "foo"), "failed");
  EXPECT_EQ(store.archive_requests(), asked + 1) << "and that is remembered in its turn";
  home.write("src/__init__.py", "__version__ = \"3.5.0\"\n");
  EXPECT_EQ(result(update({"foo"}), "foo"), "updated");
  EXPECT_EQ(version_of("foo"), "2.0.0");
}

TEST_F(UpdateFit, an_untrustworthy_version_of_the_display_locks_nobody_out_F95) {
  home.write("src/__init__.py", "__version__ = \"1.0.0\"\n");
  home.add_healthy("two", true, "1.0.0").add_healthy("three", true, "1.0.0");
  release({{"two", "2.0.0"}, {"three", "2.0.0"}});
  auto archive = store.archive();
  for (ZipEntry& one : archive) {
    if (!one.name.ends_with("manifest.json")) continue;
    Json manifest = Json::parse(one.bytes);
    manifest["min_ledmatrix_version"] = manifest["id"] == "two" ? "2.0.0" : "3.2.0";
    one.bytes = manifest.dump();
  }
  store.put_archive(zip_of(archive));
  const auto results = update({"--all"});
  EXPECT_EQ(result(results, "two"), "updated");
  EXPECT_EQ(results.at("three")["reason"], "needs_newer_ledmatrix");
}

TEST_F(UpdateFit, what_is_for_another_display_is_refused_before_anything_is_touched_F93) {
  home.write("src/__init__.py", "__version__ = \"3.2.0+build42\"\n");
  home.add_healthy("foo", true, "1.0.0");
  int number = 0;
  for (const auto& [ranges, reason] : {std::pair(R"(["3.2.0"])", ""),
                                       {R"([">=3.2.0"])", ""},
                                       {R"(["^3.1.0"])", ""},
                                       {R"(["~3.2.0"])", ""},
                                       {R"(["garbage"])", ""},
                                       {R"(["2.0.0 - 2.9.9"])", "for_another_ledmatrix"},
                                       {R"(["garbage", "^4.0.0"])", "for_another_ledmatrix"}}) {
    const std::string before = version_of("foo");
    release({{"foo", "2.0." + std::to_string(++number)}});
    set_in_manifest("foo", "compatible_versions", Json::parse(ranges));
    const Json told = update({"foo"}).at("foo");
    EXPECT_EQ(told["reason"], reason) << ranges << told;
    EXPECT_EQ(version_of("foo") == before, *reason != '\0') << ranges;
  }
  EXPECT_THAT(ran.output, HasSubstr("garbage or ^4.0.0, and this is 3.2.0+build42"));
}

TEST_F(UpdateFit, a_malformed_floor_is_no_floor_and_never_a_crash_F96) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  home.add_healthy("foo", true, "1.0.0");
  int number = 0;
  for (const char* key : {"requires", "versions", "compatible_versions", "min_ledmatrix_version"}) {
    for (const char* value :
         {"[]", "{}", "\"3.x\"", "[null]", "7", "true", "null", "{\"min_ledmatrix_version\": []}"}) {
      release({{"foo", "2.0." + std::to_string(++number)}});
      set_in_manifest("foo", key, Json::parse(value));
      EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << key << value << ran.output << ran.errors;
    }
  }
}

TEST_F(UpdateFit, F96_of_several_floors_of_a_manifest_the_strictest_that_can_be_read_decides) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  home.add_healthy("foo", true, "1.0.0");
  int number = 0;
  const auto offer = [&](const Json& floors) {
    release({{"foo", "2.0." + std::to_string(++number)}});
    spoil("foo/manifest.json", [&](const std::string& text) {
      Json manifest = Json::parse(text);
      manifest.update(floors);
      return manifest.dump();
    });
  };
  for (const char* strictest : {"min_ledmatrix_version", "requires", "versions"}) {
    Json floors = {{"min_ledmatrix_version", "2.0.0"},
                   {"requires", {{"min_ledmatrix_version", "3.1.0"}}},
                   {"versions", {{{"version", "1.0.0"}, {"ledmatrix_min_version", "9.x"}, {"ledmatrix_min", "3.2"}}}}};
    offer(floors);
    EXPECT_EQ(result(update({"foo"}), "foo"), "updated") << floors << ran.output;
    Json& place = floors[strictest];
    (place.is_string()   ? place
     : place.is_object() ? place["min_ledmatrix_version"]
                         : place[0]["ledmatrix_min"]) = "3.10.0";
    const std::string before = version_of("foo");
    offer(floors);
    const Json told = update({"foo"}).at("foo");
    EXPECT_EQ(told["reason"], "needs_newer_ledmatrix") << floors;
    EXPECT_THAT(told["message"].get<std::string>(), HasSubstr("3.10.0"));
    EXPECT_EQ(version_of("foo"), before);
  }
}

TEST_F(UpdateFit, F96_of_several_floors_of_an_entry_the_strictest_decides_before_anything_is_fetched) {
  home.write("src/__init__.py", "__version__ = \"3.2.0\"\n");
  home.add_healthy("foo", true, "1.0.0");
  store.offer("foo", "2.0.0", "", R"(, "ledmatrix_min_version": "2.0.0", "min_ledmatrix_version": "soon",
                                       "versions": [{"version": "2.0.0", "ledmatrix_min": "3.10.0"}])");
  publish();
  EXPECT_EQ(update({"--all"}).at("foo")["reason"], "needs_newer_ledmatrix");
  EXPECT_THAT(trueup.run({"store", "search"}).output, HasSubstr("needs 3.10.0 or later, this is 3.2.0"));
  EXPECT_EQ(store.archive_requests(), 0U);
  EXPECT_EQ(version_of("foo"), "1.0.0");
  home.write("src/__init__.py", "__version__ = \"3.10.0\"\n");
  EXPECT_EQ(result(update({"--all"}), "foo"), "updated");
}

}  // namespace
}  // namespace trueup::test
