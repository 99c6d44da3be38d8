#include "platform/lock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "platform/contract_test_support.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"

namespace trueup::platform {

namespace {

using ::testing::HasSubstr;

class LockOnDisk : public DiskContract {
 protected:
  void SetUp() override {
    DiskContract::SetUp();
    processes_.start_times[::getpid()] = 4711;
  }
  Result<ProcessLock> acquire(Clock::Duration wait = {}) {
    return ProcessLock::acquire(*root_, "reconcile", wait, clock_, processes_);
  }

  FakeClock clock_;
  FakeProcessTable processes_;
};

TEST_P(LockOnDisk, names_the_holder_to_whoever_comes_too_late) {
  const auto held = acquire();
  ASSERT_TRUE(held);
  clock_.advance(std::chrono::seconds(12));
  const auto refused = acquire();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::busy);
  EXPECT_THAT(refused.error().message,
              HasSubstr("another trueup (pid " + std::to_string(::getpid()) + ", `reconcile`, for 12 s) is working"));
  const auto owner = lock_owner(*root_, processes_);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->command, "reconcile");
}

TEST_P(LockOnDisk, names_the_holder_that_has_only_just_come_and_not_yet_signed) {
  const auto held = acquire();
  ASSERT_TRUE(held);
  const std::string signature = read(kLockName);
  const auto file = root_->open_for_writing(kLockName, 0600);
  ASSERT_TRUE((*file)->write_at(0, "-"));
  clock_.on_sleep([&] { EXPECT_TRUE((*file)->write_at(0, signature)); });
  EXPECT_THAT(acquire().error().message, HasSubstr("`reconcile`"));
}

TEST_P(LockOnDisk, waits_as_long_as_it_is_told_with_growing_pauses) {
  const auto held = acquire();
  int pauses = 0;
  clock_.on_sleep([&] { ++pauses; });
  EXPECT_FALSE(acquire(std::chrono::seconds(10)));
  EXPECT_EQ(clock_.slept(), std::chrono::seconds(10));
  EXPECT_LT(pauses, 60);
}

TEST_P(LockOnDisk, gets_the_lock_as_soon_as_the_holder_is_done) {
  auto held = std::make_unique<Result<ProcessLock>>(acquire());
  clock_.on_sleep([&] { held.reset(); });
  EXPECT_TRUE(acquire(std::chrono::seconds(10)));
  EXPECT_LT(clock_.slept(), std::chrono::seconds(1));
}

TEST_P(LockOnDisk, tells_of_nobody_when_nobody_works) {
  EXPECT_FALSE(lock_owner(*root_, processes_));
  {
    const auto held = acquire();
  }
  EXPECT_FALSE(lock_owner(*root_, processes_));
}

TEST_P(LockOnDisk, takes_a_file_that_a_dead_or_foreign_process_left) {
  for (const std::string left : {"999999 1 5 reconcile\n", "", "1\n", "nonsense", "-1 -1 -1 \n"}) {
    (void)root_->remove_file(kLockName);
    write(kLockName, left);
    EXPECT_FALSE(lock_owner(*root_, processes_)) << left;
    EXPECT_TRUE(acquire()) << left;
  }
}

TEST_P(LockOnDisk, does_not_hold_a_lock_file_that_was_removed_under_it) {
  const auto held = acquire();
  ASSERT_TRUE(root_->remove_file(kLockName));  // rm -rf .trueup
  const auto second = acquire();
  ASSERT_TRUE(second);
  EXPECT_EQ(acquire().error().code, ErrorCode::busy);
}

INSTANTIATE_TEST_SUITE_P(Disks, LockOnDisk, ::testing::Values("real", "memory"), disk_name);

TEST(Lock, works_on_a_disk_that_is_too_full_to_sign) {
  MemoryFileSystem disk;
  disk.put_directory("/d");
  disk.set_free_bytes(0);
  const auto root = disk.open_root("/d");
  FakeClock clock;
  const auto held = ProcessLock::acquire(**root, "reconcile", {}, clock, FakeProcessTable());
  EXPECT_TRUE(held);
  EXPECT_EQ(ProcessLock::acquire(**root, "x", {}, clock, FakeProcessTable()).error().message,
            "another trueup is working");
}

TEST(Lock, is_not_fooled_by_a_file_that_is_swapped_between_opening_and_locking) {
  MemoryFileSystem disk;
  disk.put_directory("/d");
  const auto root = *disk.open_root("/d");
  FakeClock clock;
  /// Before the first lock: the file is removed, and somebody locks a new one of the same name.
  class Swap final : public Observer {
   public:
    Swap(WritableDirectory& directory, Clock& clock) : directory_(directory), clock_(clock) {}
    Status before(const Call& call) override {
      if (call.operation != Operation::lock || other_) return ok();
      EXPECT_TRUE(directory_.remove_file(kLockName));
      other_.emplace(ProcessLock::acquire(directory_, "install", {}, clock_, FakeProcessTable()));
      return ok();
    }
    void after(const Call&) override {}

   private:
    WritableDirectory& directory_;
    Clock& clock_;
    std::optional<Result<ProcessLock>> other_;
  } swap(*root, clock);
  ObservedFileSystem watched(disk, swap);
  const auto directory = *watched.open_root("/d");
  const auto late = ProcessLock::acquire(*directory, "reconcile", {}, clock, FakeProcessTable());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::busy);
}

class LockBetweenProcesses : public DiskContract {
 protected:
  /// Starts a process that takes the lock and keeps it until it is killed.
  void start_holder() {
    std::array<int, 2> ready = {};
    ASSERT_EQ(::pipe2(ready.data(), O_CLOEXEC), 0);
    holder_ = ::fork();
    if (holder_ == 0) {
      const auto held = ProcessLock::acquire(*root_, "install", {}, clock_, processes_);
      (void)!::write(ready[1], held ? "y" : "n", 1);
      for (;;) ::pause();
    }
    char answer = 0;
    ASSERT_EQ(::read(ready[0], &answer, 1), 1);
    ASSERT_EQ(answer, 'y');
    ::close(ready[0]);
    ::close(ready[1]);
  }
  void kill_holder() {
    if (holder_ <= 0) return;
    ::kill(holder_, SIGKILL);
    ::waitpid(holder_, nullptr, 0);
    holder_ = 0;
  }
  void TearDown() override { kill_holder(); }

  RealClock clock_;
  RealProcessTable processes_;
  pid_t holder_ = 0;
};

TEST_P(LockBetweenProcesses, F118_is_respected_while_the_holder_lives_and_free_once_it_was_killed) {
  start_holder();
  const auto refused = ProcessLock::acquire(*root_, "reconcile", {}, clock_, processes_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("pid " + std::to_string(holder_) + ", `install`"));
  EXPECT_EQ(lock_owner(*root_, processes_)->pid, holder_);
  kill_holder();
  EXPECT_FALSE(lock_owner(*root_, processes_));
  EXPECT_TRUE(ProcessLock::acquire(*root_, "reconcile", {}, clock_, processes_));
}

INSTANTIATE_TEST_SUITE_P(Real, LockBetweenProcesses, ::testing::Values("real"));

}  // namespace

}  // namespace trueup::platform
