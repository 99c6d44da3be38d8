#include <fmt/core.h>
#include <gtest/gtest.h>

#include "engine/directory_stage.h"
#include "engine/directory_test_support.h"

namespace trueup::engine::test {
namespace {

using platform::Call;

const Tree kNothing;

Trial install(Display& display, PublishDirectory operation, std::string* reason = nullptr) {
  Trial run{.operation = std::move(operation)};
  const std::string entry = std::get<PublishDirectory>(run.operation).entry;
  EXPECT_TRUE(run_until_crash(display, run, {.entry = &display.entry(entry), .refusal = reason}, nullptr));
  return run;
}

TEST(Publish, a_new_plugin_is_there_with_all_its_files) {
  Display display;
  display.offer("clock", "1.0.0", {{"data/fonts/a.bdf", "font"}});
  const Trial run = install(display, install_operation("clock"));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(run.applied->outcomes, std::vector{Outcome::done});
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0", {{"data/fonts/a.bdf", "font"}}));
  EXPECT_EQ(display.plugin_names(), std::vector<std::string>{"clock"});
  EXPECT_EQ(display.container("staging"), kNothing);
}

/// Counts how often a kept copy is given up.
class Forgetful : public store::PluginSource {
 public:
  explicit Forgetful(const store::PluginSource& inner) : inner_(inner) {}
  Result<model::RegistryFacts> registry() const override { return inner_.registry(); }
  Result<std::vector<store::TreeFile>> contents(const model::RegistryEntry& entry,
                                                const store::FetchLimits& limits) const override {
    return inner_.contents(entry, limits);
  }
  Result<store::FetchedPlugin> fetch(const model::RegistryEntry& entry, platform::WritableDirectory& into,
                                     const store::FetchLimits& limits) const override {
    return inner_.fetch(entry, into, limits);
  }
  void forget(const model::RegistryEntry& /*entry*/) const override { ++forgotten; }
  mutable int forgotten = 0;

 private:
  const store::PluginSource& inner_;
};

TEST(Publish, what_is_refused_is_fetched_anew_when_it_is_asked_for_once_more) {
  const auto given_up = [](const std::string& id, const std::string& more) {
    Display display;
    const Forgetful source(display.store);
    display.world.store = &source;
    std::string manifest = manifest_text(id, "1.0.0");
    display.offer("clock", "1.0.0", {{"manifest.json", manifest.insert(1, more)}});
    std::string reason;
    Trial run{.operation = install_operation("clock")};
    EXPECT_TRUE(run_until_crash(
        display, run, {.entry = &display.entry("clock"), .refusal = &reason, .core_version = "3.0.0"}, nullptr));
    return fmt::format("{} {}", reason, source.forgotten);
  };
  EXPECT_EQ(given_up("clock", R"("ledmatrix_min": "3.1.0", )"), "needs_newer_ledmatrix 1");
  EXPECT_EQ(given_up("clock", R"("compatible_versions": ["^2.0.0"], )"), "for_another_ledmatrix 1");
  EXPECT_EQ(given_up("watch", ""), "identity_mismatch 1");
}

TEST(Publish, what_its_entry_says_of_the_core_counts_before_anything_is_fetched_F96) {
  Display display;
  display.offer("clock", "1.0.0");
  model::RegistryEntry entry = display.entry("clock");
  entry.minimum_core = "3.1.0";
  std::string reason;
  Trial run{.operation = install_operation("clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &entry, .refusal = &reason, .core_version = "3.0.0"}, nullptr));
  EXPECT_EQ(reason, "needs_newer_ledmatrix");
  EXPECT_EQ(display.plugin_names(), std::vector<std::string>{});
  EXPECT_EQ(display.container("staging"), kNothing);
}

TEST(Publish, its_directories_are_like_the_one_it_lies_in) {
  Display display;
  display.offer("clock", "1.0.0");
  ASSERT_TRUE(install(display, install_operation("clock")).applied);
  const auto tree = platform::tree_of(display.disk.image());
  EXPECT_EQ(tree.at("pi/plugin-repos/clock").mode, 0775U);
  EXPECT_EQ(tree.at("pi/plugin-repos/clock/assets").mode, 0775U);
  EXPECT_EQ(tree.at("pi/plugin-repos/clock/manager.py").mode, 0644U);
}

TEST(Publish, for_root_everything_belongs_to_the_owner_of_the_plugins_directory) {
  Display display;
  display.world.is_root = true;
  display.offer("clock", "1.0.0");
  display.disk.set_owner("/pi/plugin-repos", 1000, 1001);
  ASSERT_TRUE(install(display, install_operation("clock")).applied);
  for (const auto& [path, node] : platform::tree_of(display.disk.image())) {
    if (!path.starts_with("pi/plugin-repos/clock")) continue;
    EXPECT_EQ(node.uid, 1000U) << path;
    EXPECT_EQ(node.gid, 1001U) << path;
  }
}

TEST(Publish, writes_the_class_name_that_the_manifest_lacks_and_nothing_else) {
  Display display;
  display.offer("clock", "1.0.0", {{"manifest.json", R"({"id":"clock","name":"C","version":"1","display_modes":[]})"}});
  ASSERT_TRUE(install(display, install_operation("clock")).applied);
  EXPECT_EQ(display.plugin("clock").at("manifest.json"),
            R"({"id":"clock","name":"C","version":"1","display_modes":[],"class_name":"Plugin"})");
}

struct Refused {
  const char* name;
  Tree files;
  std::string_view reason;
};

TEST(Publish, F29_an_offer_that_breaks_a_rule_is_refused_and_the_old_version_stays) {
  const std::vector<Refused> offers{
      {"another id", {{"manifest.json", manifest_text("weather", "2.0.0")}}, refusal::kIdentityMismatch},
      {"F86 a reserved id", {{"manifest.json", manifest_text("display", "2.0.0")}}, refusal::kIdNotAllowed},
      {"an id that leads elsewhere", {{"manifest.json", manifest_text("../x", "2.0.0")}}, refusal::kIdNotAllowed},
      {"a broken manifest", {{"manifest.json", "{\"id\": \"clock\", "}}, refusal::kManifestInvalid},
      {"no name",
       {{"manifest.json", R"({"id": "clock", "class_name": "P", "display_modes": []})"}},
       refusal::kManifestInvalid},
      {"no modes",
       {{"manifest.json", R"({"id": "clock", "class_name": "P", "name": "x"})"}},
       refusal::kManifestInvalid},
      {"no entry file",
       {{"manifest.json",
         R"({"id": "clock", "name": "x", "class_name": "P", "display_modes": [], "entry_point": "gone.py"})"}},
       refusal::kIncomplete},
      {"an entry file elsewhere",
       {{"manifest.json",
         R"({"id": "clock", "name": "x", "class_name": "P", "display_modes": [], "entry_point": "../../x.py"})"}},
       refusal::kIncomplete},
      {"no class",
       {{"manifest.json", R"({"id": "clock", "name": "x", "display_modes": []})"}, {"manager.py", "x = 1\n"}},
       refusal::kIncomplete},
  };
  for (const Refused& offer : offers) {
    Display display;
    display.offer("clock", "2.0.0", offer.files);
    display.install_by_hand("clock", "clock", "1.0.0", {{"marker", "the owner's"}});
    const Tree before = display.plugin("clock");
    std::string reason;
    Trial run = install(display, install_operation("clock", "kept/1-clock"), &reason);
    EXPECT_FALSE(run.applied) << offer.name;
    EXPECT_EQ(run.applied.error().code, ErrorCode::refused) << offer.name;
    EXPECT_EQ(reason, offer.reason) << offer.name;
    recover(display, run);
    EXPECT_EQ(display.plugin("clock"), before) << offer.name;
    EXPECT_EQ(display.container("staging"), kNothing) << offer.name;
    EXPECT_EQ(display.plugin_names(), std::vector<std::string>{"clock"}) << offer.name;
  }
}

TEST(Publish, F81_names_the_id_that_it_found_in_place_of_the_one_that_was_asked_for) {
  Display display;
  display.offer("ledmatrix-weather", "1.0.0", {}, "weather");
  PublishDirectory operation = install_operation("weather");
  const Trial run = install(display, operation);
  ASSERT_FALSE(run.applied);
  EXPECT_NE(run.applied.error().message.find("ledmatrix-weather"), std::string::npos);
  EXPECT_TRUE(display.plugin_names().empty());
}

TEST(Publish, takes_what_comes_under_the_rules_of_the_original) {
  Display display;
  display.offer("ledmatrix-weather", "1.0.0", {}, "weather");
  PublishDirectory operation = install_operation("weather", "kept/1-weather");
  operation.accept_any_id = true;
  const Trial run = install(display, operation);
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(std::get<PublishDirectory>(run.operation).plugin_id, "ledmatrix-weather");
  EXPECT_EQ(display.plugin_names(), std::vector<std::string>{"ledmatrix-weather"});
}

TEST(Publish, F76_a_damaged_directory_is_never_replaced_under_the_rules_of_the_original_either) {
  Display display;
  display.offer("mine", "1.0.0");
  display.install_by_hand("mine", "mine", "0.1.0", {{"manifest.json", "{\"id\": \"mi"}});
  const Tree before = display.plugin("mine");
  PublishDirectory operation = install_operation("mine", "kept/1-mine");
  operation.accept_any_id = true;
  EXPECT_FALSE(install(display, operation).applied);
  EXPECT_EQ(display.plugin("mine"), before);
}

TEST(Publish, a_name_that_is_taken_is_not_replaced_unless_that_was_decided) {
  Display display;
  display.offer("clock", "2.0.0");
  display.install_by_hand("clock", "clock", "1.0.0");
  const Trial run = install(display, install_operation("clock"));
  ASSERT_FALSE(run.applied);
  EXPECT_EQ(run.applied.error().code, ErrorCode::conflict);
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "1.0.0"));
}

TEST(Publish, what_appears_in_the_last_moment_is_not_replaced) {
  Display display;
  display.offer("clock", "2.0.0");
  Trial run{.operation = install_operation("clock")};
  const auto site = display.site();
  auto& operation = std::get<PublishDirectory>(run.operation);
  ASSERT_TRUE(prepare(*site, operation, {.entry = &display.entry("clock")}));
  display.install_by_hand("clock", "clock", "0.1.0");
  const auto applied = apply(*site, operation);
  ASSERT_TRUE(applied) << applied.error().text();
  EXPECT_EQ(applied->outcomes, std::vector{Outcome::moved});
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "0.1.0"));
  EXPECT_EQ(display.container("staging"), kNothing);
}

TEST(Publish, F150_a_linked_plugin_is_never_replaced) {
  Display display;
  display.offer("dev", "2.0.0");
  display.disk.put_file("/srv/dev/manager.py", "mine");
  display.disk.put_link("/pi/plugin-repos/dev", "/srv/dev");
  EXPECT_FALSE(install(display, install_operation("dev", "kept/1-dev")).applied);
  EXPECT_EQ(display.disk.files().at("/srv/dev/manager.py"), "mine");
  EXPECT_EQ(display.plugin_names(), std::vector<std::string>{"dev"});
}

TEST(Publish, a_replaced_version_is_kept_whole) {
  Display display;
  display.offer("clock", "2.0.0");
  display.install_by_hand("clock", "clock", "1.0.0", {{"cities.json", "[\"Oslo\"]"}});
  const Tree before = display.plugin("clock");
  const Trial run = install(display, install_operation("clock", "kept/1-clock"));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "2.0.0", {{"cities.json", "[\"Oslo\"]"}}));
  EXPECT_EQ(display.container("kept/1-clock"), before);
}

TEST(Publish, installing_what_stands_there_already_changes_nothing) {
  Display display;
  display.offer("clock", "1.0.0");
  display.install_by_hand("clock", "clock", "1.0.0", {{"cities.json", "[]"}});
  const auto before = platform::tree_of(display.disk.image());
  const Trial run = install(display, install_operation("clock", "kept/1-clock"));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(run.applied->outcomes, std::vector{Outcome::already});
  const auto after = platform::tree_of(display.disk.image());
  for (const auto& [path, node] : before) EXPECT_EQ(after.at(path), node) << path;
}

TEST(Publish, a_write_into_the_old_directory_in_the_last_moment_is_in_the_new_one_too) {
  Display display;
  display.offer("clock", "2.0.0");
  display.install_by_hand("clock", "clock", "1.0.0", {{"cities.json", "before"}});
  // Another program keeps writing through the whole exchange: once before it, once just after it.
  class Writer final : public platform::Observer {
   public:
    explicit Writer(Display& display) : display_(display) {}
    Status before(const Call& call) override {
      if (call.operation == platform::Operation::exchange) {
        display_.disk.put_file("/pi/plugin-repos/clock/early.json", "early");
      }
      return ok();
    }
    void after(const Call& call) override {
      if (call.operation != platform::Operation::exchange) return;
      const std::string old = "/pi/plugin-repos/.trueup.standalone-backup-work/staging/t1/plugin/";
      display_.disk.put_file(old + "cities.json", "after");
      display_.disk.put_file(old + "late/new.json", "late");
    }

   private:
    Display& display_;
  } writer(display);
  Trial run{.operation = install_operation("clock", "kept/1-clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, &writer));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  const Tree now = display.plugin("clock");
  EXPECT_EQ(now, plugin_files("clock", "2.0.0",
                              {{"cities.json", "after"}, {"late/new.json", "late"}, {"early.json", "early"}}));
}

TEST(Publish, without_an_exchange_the_old_version_is_kept_first_and_that_is_said) {
  Display display;
  display.offer("clock", "2.0.0");
  display.install_by_hand("clock", "clock", "1.0.0");
  class NoExchange final : public platform::Observer {
   public:
    Status before(const Call& call) override {
      if (call.operation == platform::Operation::exchange) return Error{.code = ErrorCode::unsupported};
      return ok();
    }
    void after(const Call&) override {}
  } no_exchange;
  Trial run{.operation = install_operation("clock", "kept/1-clock")};
  ASSERT_TRUE(run_until_crash(display, run, {.entry = &display.entry("clock")}, &no_exchange));
  ASSERT_TRUE(run.applied) << run.applied.error().text();
  EXPECT_EQ(display.plugin("clock"), plugin_files("clock", "2.0.0"));
  EXPECT_EQ(display.container("kept/1-clock"), plugin_files("clock", "1.0.0"));
  ASSERT_EQ(run.applied->notes.size(), 1U);
  EXPECT_NE(run.applied->notes[0].find("not_atomic_here"), std::string::npos);
}

// Crashes -------------------------------------------------------------------------------------------------------------

TEST(PublishCrash, F71_a_new_plugin_is_whole_or_absent_at_every_instant_and_after_recovery) {
  const Tree whole = plugin_files("clock", "1.0.0");
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.offer("clock", "1.0.0");
    CrashAt crash(change);
    Trial run{.operation = install_operation("clock")};
    const bool finished = run_until_crash(display, run, {.entry = &display.entry("clock")}, &crash);
    const Tree seen = display.plugin("clock");
    EXPECT_TRUE(seen == kNothing || seen == whole) << change;
    EXPECT_LE(display.plugin_names().size(), 1U) << change;
    recover(display, run);
    EXPECT_EQ(display.plugin("clock"), run.committed ? whole : kNothing) << change;
    EXPECT_EQ(display.container("staging"), kNothing) << change;
    if (finished) {
      EXPECT_GT(change, 10U);
      break;
    }
  }
}

TEST(PublishCrash, F72_a_replaced_plugin_is_old_or_new_at_every_instant_and_after_recovery) {
  const Tree added{{"cities.json", "[\"Oslo\"]"}, {"cache/a/b.json", "{}"}};
  const Tree old_version = plugin_files("clock", "1.0.0", added);
  const Tree new_version = plugin_files("clock", "2.0.0", added);
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.offer("clock", "2.0.0");
    display.install_by_hand("clock", "clock", "1.0.0", added);
    CrashAt crash(change);
    Trial run{.operation = install_operation("clock", "kept/1-clock")};
    const bool finished = run_until_crash(display, run, {.entry = &display.entry("clock")}, &crash);
    const Tree seen = display.plugin("clock");
    EXPECT_TRUE(seen == old_version || seen == new_version) << change;
    recover(display, run);
    EXPECT_EQ(display.plugin("clock"), run.committed ? new_version : old_version) << change;
    EXPECT_EQ(display.container("kept/1-clock"), run.committed ? old_version : kNothing) << change;
    EXPECT_EQ(display.container("staging"), kNothing) << change;
    EXPECT_EQ(display.plugin_names(), std::vector<std::string>{"clock"}) << change;
    if (finished) break;
  }
}

TEST(PublishCrash, recovery_may_itself_be_interrupted) {
  const Tree new_version = plugin_files("clock", "2.0.0");
  std::size_t interrupted = 0;
  for (std::size_t first = 0; first < 200; first += 3) {
    for (std::size_t second = 0; second < 12; ++second) {
      Display display;
      display.offer("clock", "2.0.0");
      display.install_by_hand("clock", "clock", "1.0.0");
      CrashAt crash(first);
      Trial run{.operation = install_operation("clock", "kept/1-clock")};
      if (run_until_crash(display, run, {.entry = &display.entry("clock")}, &crash)) {
        EXPECT_GT(interrupted, 0U);
        return;
      }
      CrashAt again(second);
      display.disk.set_observer(&again);
      try {
        recover(display, run);
      } catch (const Crash&) {
        ++interrupted;
      }
      display.disk.set_observer(nullptr);
      recover(display, run);
      EXPECT_EQ(display.plugin("clock"), run.committed ? new_version : plugin_files("clock", "1.0.0"));
      EXPECT_EQ(display.container("staging"), kNothing);
    }
  }
}

TEST(PublishCrash, a_write_after_the_crash_is_not_lost_by_recovery) {
  for (std::size_t change = 0;; ++change) {
    Display display;
    display.offer("clock", "2.0.0");
    display.install_by_hand("clock", "clock", "1.0.0", {{"cities.json", "before"}});
    CrashAt crash(change);
    Trial run{.operation = install_operation("clock", "kept/1-clock")};
    if (run_until_crash(display, run, {.entry = &display.entry("clock")}, &crash)) break;
    display.disk.put_file("/pi/plugin-repos/clock/cities.json", "the owner's newest");
    display.disk.put_file("/pi/plugin-repos/clock/extra.json", "added");
    recover(display, run);
    EXPECT_EQ(display.plugin("clock").at("cities.json"), "the owner's newest") << change;
    EXPECT_EQ(display.plugin("clock").at("extra.json"), "added") << change;
  }
}

}  // namespace
}  // namespace trueup::engine::test
