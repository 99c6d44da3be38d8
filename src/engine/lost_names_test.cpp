// A power cut may take a rename away and leave the history that tells of it. What was displaced lies beside its
// document again, and gets a name of its own when the next start keeps it: no name twice, and no copy gone (promise 2).
#include "base/digest.h"
#include "engine/configure.h"
#include "engine/engine_test_support.h"
#include "engine/session.h"
#include "engine/temporary_name.h"

namespace trueup::engine {
namespace {

class LostNames : public EngineTest {
 protected:
  LostNames() {
    add_plugin("clock");
    configure({{"clock", R"({"enabled": true, "city": "Oslo"})"}});
  }

  Status set_city(platform::FileSystem& on, const std::string& city) {
    auto here = ports.world(on);
    const auto done = set_setting(here, "clock", {"city"}, city);
    return done ? ok() : Status(done.error());
  }

  /// The names of the kept copies are lost: they lie where they were displaced, and come up in the opposite order.
  static void lose_names(platform::MemoryFileSystem& on, const std::vector<std::string>& displaced) {
    on.erase(path(".trueup/kept"));
    on.put_directory(path(".trueup/kept"), 0700);
    for (std::size_t i = 0; i < displaced.size(); ++i) {
      const std::string transaction = fmt::format("{:012x}", displaced.size() - i);
      const std::string ours = sha256_hex(i + 1 < displaced.size() ? displaced[i + 1] : "live");
      on.put_file(path("config/" + ready_name("config.json", transaction, ours, sha256_hex(displaced[i]))),
                  displaced[i]);
    }
  }

  static bool is_somewhere(const platform::MemoryFileSystem& on, const std::string& text) {
    return std::ranges::any_of(on.files(), [&](const auto& file) { return file.second == text; });
  }
};

TEST_F(LostNames, are_given_anew_also_where_the_history_was_being_written_when_the_power_went) {
  std::vector<std::string> displaced;
  for (const char* city : {"Bergen", "Tromso", "Hamar"}) {
    displaced.push_back(read("config/config.json"));
    ASSERT_TRUE(set_city(disk, city));
  }
  const auto start = disk.image();
  for (int n = 1;; ++n) {
    platform::MemoryFileSystem cut(start);
    DeadFrom dead(n);
    cut.set_observer(&dead);
    (void)set_city(cut, "Molde");
    cut.set_observer(nullptr);
    lose_names(cut, displaced);
    auto here = ports.world(cut);
    const auto session = Session::begin(here, "start");
    ASSERT_TRUE(session) << n << ": " << session.error().text();
    const auto ended = (*session)->end();
    ASSERT_TRUE(ended) << n << ": " << ended.error().text();
    for (const std::string& text : displaced)
      EXPECT_TRUE(is_somewhere(cut, text)) << "killed at change " << n << "\n" << text;
    if (!dead.was_hit() || HasFailure()) break;
  }
}

TEST_F(LostNames, of_a_newer_copy_leave_the_older_one_of_the_same_bytes_that_is_still_there) {
  const std::string oslo = read("config/config.json");
  for (const char* city : {"Bergen", "Oslo", "Hamar"}) ASSERT_TRUE(set_city(disk, city));
  std::vector<std::string> copies;
  for (const auto& [name, bytes] : disk.files()) {
    if (bytes == oslo && name.find("/kept/") != std::string::npos) copies.push_back(name);
  }
  ASSERT_EQ(copies.size(), 1U) << "of equal copies only the newest stays";
  disk.erase(copies.front());  // and the removal of the older one is lost as well
  disk.put_file(path(".trueup/kept/1-config.json"), oslo, 0600);
  for (const char* city : {"Molde", "Voss"}) {
    ASSERT_TRUE(set_city(disk, city));
    EXPECT_TRUE(is_somewhere(disk, oslo)) << city;
  }
}

}  // namespace
}  // namespace trueup::engine
