// The power cut at each call of an exchange, on every kind of disk: also where a file can only be replaced without an
// exchange, or only be written in place.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/file_exchange.h"
#include "engine/temporary_name.h"
#include "platform/crash_disk.h"
#include "platform/memory_file_system.h"

namespace trueup::engine {
namespace {

using platform::Call;
using platform::MemoryFileSystem;
using platform::Operation;

constexpr const char* kPath = "/pi/config/config.json";

enum class Way { exchange, no_exchange, mounted, remove, make };

std::string name_of(Way way) {
  constexpr std::array kNames = {"exchange", "no_exchange", "mounted", "remove", "make"};
  return kNames.at(static_cast<std::size_t>(way));
}
void PrintTo(Way way, std::ostream* out) { *out << name_of(way); }

class DiskOf final : public platform::Observer {
 public:
  explicit DiskOf(Way way) : way_(way) {}
  Status before(const Call& call) override {
    if (call.operation != Operation::exchange) return ok();
    if (way_ == Way::no_exchange) return Error{.code = ErrorCode::unsupported, .message = "no exchange here"};
    if (way_ == Way::mounted) return Error{.code = ErrorCode::unreadable, .message = "mounted", .os_error = EBUSY};
    return ok();
  }
  void after(const Call& /*call*/) override {}

 private:
  Way way_;
};

Result<Rewrite> rewrite(Way way, const std::optional<std::string>& text) {
  if (way == Way::remove) return text ? Rewrite{Rewrite::Kind::remove, {}} : Rewrite{};
  const std::string now = text.value_or("");
  if (now.find("new\n") != std::string::npos) return Rewrite{};
  return Rewrite{Rewrite::Kind::write, now + "new\n"};
}

Result<Exchanged> run(MemoryFileSystem& disk, Way way) {
  DiskOf kind(way);
  disk.set_observer(&kind);
  const auto config = disk.open_root("/pi/config").value();
  const auto kept = disk.open_root("/pi/kept").value();
  auto done = FileExchange({.directory = *config,
                            .name = "config.json",
                            .kept = *kept,
                            .kept_name = {.number = 1, .file = "config.json"},
                            .transaction = "1",
                            .if_new = {.mode = 0644, .uid = {}, .gid = {}},
                            .wait = {}},
                           [way](const std::optional<std::string>& text) { return rewrite(way, text); })
                  .apply();
  disk.set_observer(nullptr);
  return done;
}

std::string live(const MemoryFileSystem& disk) {
  const auto files = disk.files();
  const auto found = files.find(kPath);
  return found == files.end() ? "(none)" : found->second;
}

bool has_old_bytes(const MemoryFileSystem& disk) {
  return std::ranges::any_of(disk.files(), [](const auto& file) { return file.second == "old\n"; });
}

class ExchangePowerCut : public testing::TestWithParam<Way> {};

TEST_P(ExchangePowerCut, F66_F71_leaves_the_old_file_or_the_new_one_and_the_old_bytes) {
  const Way way = GetParam();
  const std::string before = way == Way::make ? "(none)" : "old\n";
  const std::string after = way == Way::remove ? "(none)" : way == Way::make ? "new\n" : "old\nnew\n";
  MemoryFileSystem disk;
  if (way != Way::make) disk.put_file(kPath, "old\n", 0640);
  disk.put_directory("/pi/config");
  disk.put_directory("/pi/kept");
  const auto start = disk.image();
  disk.clear_log();
  ASSERT_TRUE(run(disk, way));
  const auto log = disk.log();
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    for (const auto& survivor : platform::surviving_disks(start, log, cut)) {
      SCOPED_TRACE(fmt::format("cut {} of {}: {}", cut, log.size(), survivor.variant));
      MemoryFileSystem left(survivor.image);
      const std::string now = live(left);
      EXPECT_TRUE(way == Way::mounted || now == before || now == after) << now;
      EXPECT_TRUE(way == Way::make || has_old_bytes(left));
      EXPECT_TRUE(cut < log.size() || now == after) << "it was said to be done: " << now;
      const auto again = run(left, way);
      ASSERT_TRUE(again) << again.error().text();
      EXPECT_EQ(live(left), after);
      EXPECT_TRUE(way == Way::make || has_old_bytes(left));
      for (const auto& [path, bytes] : left.files()) {
        EXPECT_TRUE(path == kPath || path.starts_with("/pi/kept/1-config.json")) << path;
        EXPECT_EQ(path.find(".in-place"), std::string::npos) << path;
      }
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, ExchangePowerCut,
                         testing::Values(Way::exchange, Way::no_exchange, Way::mounted, Way::remove, Way::make),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace trueup::engine
