#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>

#include "platform/asio_loop.h"
#include "platform/descriptor.h"
#include "platform/worker.h"

namespace trueup::platform {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    from = Descriptor(ends[0]);
    to = Descriptor(ends[1]);
  }
  Descriptor from;
  Descriptor to;
};

TEST(AsioLoop, does_what_a_worker_hands_back_on_its_own_thread) {
  AsioLoop loop;
  ThreadWorker worker;
  int answer = 0;
  worker.start([&] { loop.post([&] { answer = 42, loop.stop(); }); });
  loop.run();
  EXPECT_EQ(answer, 42);
}

TEST(AsioLoop, tells_when_a_descriptor_can_be_read_and_leaves_it_open) {
  AsioLoop loop;
  const Pipe pipe;
  bool told = false;
  auto waits = loop.when_ready(pipe.from.get(), Direction::reading, [&] {
    told = true;
    loop.stop();
  });
  ASSERT_EQ(::write(pipe.to.get(), "x", 1), 1);
  loop.run();
  EXPECT_TRUE(told);
  waits.reset();
  char byte = 0;
  EXPECT_EQ(::read(pipe.from.get(), &byte, 1), 1) << "it is still ours";
}

TEST(AsioLoop, what_is_called_off_is_never_done_not_even_when_it_was_due) {
  AsioLoop loop;
  const Pipe pipe;
  ASSERT_EQ(::write(pipe.to.get(), "x", 1), 1);
  bool done = false;
  auto timer = loop.after(milliseconds(0), [&] { done = true; });
  auto waits = loop.when_ready(pipe.from.get(), Direction::reading, [&] { done = true; });
  loop.post([&] { timer.reset(), waits.reset(); });
  auto last = loop.after(milliseconds(1), [&] { loop.stop(); });
  timer.reset();
  waits.reset();
  loop.run();
  EXPECT_FALSE(done);
}

TEST(AsioLoop, a_job_may_do_away_with_what_called_it) {
  AsioLoop loop;
  std::unique_ptr<Pending> timer;
  timer = loop.after(milliseconds(0), [&] { timer = loop.after(milliseconds(0), [&] { loop.stop(); }); });
  loop.run();
}

TEST(AsioLoop, a_signal_is_a_job_like_any_other) {
  AsioLoop loop;
  std::optional<int> got;
  loop.on_signals({SIGUSR2}, [&](int number) {
    got = number;
    loop.stop();
  });
  const ThreadWorker worker;  // its thread takes none
  ASSERT_EQ(::kill(::getpid(), SIGUSR2), 0);
  loop.run();
  EXPECT_EQ(got, SIGUSR2);
}

TEST(FakeLoop, turns_time_only_when_told_and_does_timers_in_their_order) {
  FakeLoop loop;
  std::string order;
  auto late = loop.after(hours(2), [&] { order += "late "; });
  std::unique_ptr<Pending> next;
  auto early = loop.after(hours(1), [&] {
    order += "early ";
    next = loop.after(milliseconds(1), [&] { order += "next "; });
  });
  auto never = loop.after(hours(1), [&] { order += "never "; });
  never.reset();
  loop.settle();
  EXPECT_EQ(order, "");
  EXPECT_EQ(loop.timers(), 2U);
  loop.advance(hours(3));
  EXPECT_EQ(order, "early next late ");
}

}  // namespace
}  // namespace trueup::platform
