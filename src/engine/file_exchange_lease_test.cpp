// Another program at the very moment at which the lease is taken: behind the last read, and before anything is changed.
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "engine/file_exchange.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::engine {
namespace {

using platform::Call;
using platform::Operation;

constexpr const char* kPath = "/pi/config/config.json";

/// Acts once when a lease is asked for, and watches what stands under the name from then on.
class AtTheLease final : public platform::Observer {
 public:
  AtTheLease(platform::MemoryFileSystem& disk, std::function<void()> acts) : disk_(disk), acts_(std::move(acts)) {}

  Status before(const Call& call) override {
    if (call.operation == Operation::lease && acts_) std::exchange(acts_, {})();
    look();
    return ok();
  }
  void after(const Call& /*call*/) override { look(); }

  std::vector<std::string> seen;  // each text once, as it came; "(none)" while there was none

 private:
  void look() {
    if (acts_) return;
    const auto files = disk_.files();
    const auto found = files.find(kPath);
    const std::string now = found == files.end() ? "(none)" : found->second;
    if (seen.empty() || seen.back() != now) seen.push_back(now);
  }

  platform::MemoryFileSystem& disk_;
  std::function<void()> acts_;
};

class ExchangeLease : public testing::Test {
 protected:
  ExchangeLease() {
    disk.put_file(kPath, "old\n");
    disk.put_directory("/pi/kept");
  }
  Result<Exchanged> run(platform::Observer& observer, const Rewriter& rewriter) {
    platform::ObservedFileSystem watched(disk, observer);
    const auto config = std::move(watched.open_root("/pi/config").value());
    const auto kept = std::move(watched.open_root("/pi/kept").value());
    FileExchange exchange({.directory = *config,
                           .name = "config.json",
                           .kept = *kept,
                           .kept_name = {.number = 1, .file = "config.json"},
                           .transaction = "1",
                           .if_new = {.mode = 0644, .uid = {}, .gid = {}},
                           .wait = [](std::chrono::milliseconds) {}},
                          rewriter);
    return exchange.apply();
  }
  static Result<Rewrite> add_line(const std::optional<std::string>& text) {
    return Rewrite{Rewrite::Kind::write, text.value_or("") + "new\n"};
  }
  static Result<Rewrite> take_old_away(const std::optional<std::string>& text) {
    return text == "old\n" ? Rewrite{Rewrite::Kind::remove, {}} : Rewrite{};
  }
  void save() {
    disk.erase(kPath);
    disk.put_file(kPath, "editor\n");
  }

  platform::MemoryFileSystem disk;
};

TEST_F(ExchangeLease, what_is_saved_then_is_never_hidden_behind_a_text_that_knows_nothing_of_it) {
  AtTheLease observer(disk, [this] { save(); });
  ASSERT_TRUE(run(observer, add_line));
  EXPECT_EQ(observer.seen, (std::vector<std::string>{"editor\n", "editor\nnew\n"}));
}

TEST_F(ExchangeLease, what_is_saved_then_is_there_all_the_time_where_the_old_file_was_to_go) {
  AtTheLease observer(disk, [this] { save(); });
  const auto done = run(observer, take_old_away);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_FALSE(done->written);
  EXPECT_EQ(observer.seen, std::vector<std::string>{"editor\n"});
}

TEST_F(ExchangeLease, a_file_that_is_removed_then_is_gone_as_was_wanted) {
  AtTheLease observer(disk, [this] { disk.erase(kPath); });
  const auto done = run(observer, take_old_away);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(observer.seen, std::vector<std::string>{"(none)"});
}

}  // namespace
}  // namespace trueup::engine
