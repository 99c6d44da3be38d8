#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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

/// Two ends of a connection of which the writing one is full.
struct FullSocket {
  FullSocket() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    ours = Descriptor(ends[0]);
    theirs = Descriptor(ends[1]);
    const std::string bytes(4096, 'x');
    while (::send(ours.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) sent += bytes.size();
  }
  Descriptor ours;
  Descriptor theirs;
  std::size_t sent = 0;
};

TEST(AsioLoop, one_descriptor_is_watched_in_both_directions_and_neither_counts_for_the_other) {
  AsioLoop loop;
  const FullSocket socket;
  const auto watch = loop.watch(socket.ours.get());
  std::vector<std::string> told;
  watch->when_ready(Direction::writing, [&] {
    told.emplace_back("writing");
    loop.stop();
  });
  watch->when_ready(Direction::reading, [&] {
    told.emplace_back("reading");
    // Only now there is room again.
    std::string bytes(1U << 20U, '\0');
    while (::recv(socket.theirs.get(), bytes.data(), bytes.size(), 0) > 0) continue;
  });
  ASSERT_EQ(::send(socket.theirs.get(), "y", 1, MSG_NOSIGNAL), 1);
  loop.run();
  EXPECT_EQ(told, (std::vector<std::string>{"reading", "writing"}));
}

TEST(AsioLoop, a_watch_tells_each_time_it_is_asked_also_of_what_came_between) {
  AsioLoop loop;
  const Pipe pipe;
  const auto watch = loop.watch(pipe.from.get());
  int told = 0;
  std::function<void()> next = [&] {
    if (++told == 3) return loop.stop();  // nothing was read: it is still there
    watch->when_ready(Direction::reading, next);
  };
  watch->when_ready(Direction::reading, next);
  ASSERT_EQ(::write(pipe.to.get(), "x", 1), 1);
  loop.run();
  EXPECT_EQ(told, 3);
}

TEST(AsioLoop, a_watch_that_is_gone_tells_nothing_and_a_job_may_do_away_with_it) {
  AsioLoop loop;
  const Pipe pipe;
  ASSERT_EQ(::write(pipe.to.get(), "x", 1), 1);
  bool done = false;
  auto gone = loop.watch(pipe.from.get());
  gone->when_ready(Direction::reading, [&] { done = true; });
  gone.reset();
  auto watch = loop.watch(pipe.from.get());
  watch->when_ready(Direction::reading, [&] {
    watch.reset();
    loop.stop();
  });
  loop.run();
  EXPECT_FALSE(done);
  EXPECT_EQ(watch, nullptr);
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
