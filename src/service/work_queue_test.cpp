#include "service/work_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace trueup::service {
namespace {

TEST(WorkQueue, any_number_of_triggers_while_a_pass_runs_give_exactly_one_more) {
  WorkQueue queue;
  queue.add("clock", Urgency::change);
  const auto pass = queue.take();
  ASSERT_TRUE(pass);
  for (int i = 0; i < 50; ++i) queue.add("clock", Urgency::change);
  EXPECT_FALSE(queue.take()) << "clock is worked on";
  queue.done(*pass);
  const auto again = queue.take();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->names, std::vector<std::string>{"clock"});
  queue.done(*again);
  EXPECT_FALSE(queue.take());
}

TEST(WorkQueue, what_the_owner_asks_for_comes_before_every_sweep_in_the_order_of_asking_and_one_by_one) {
  WorkQueue queue;
  queue.add(kEverything, Urgency::sweep);
  queue.add("operation 1", Urgency::owner);
  queue.add("clock", Urgency::change);
  queue.add("operation 2", Urgency::owner);
  for (const char* wish : {"operation 1", "operation 2"}) {
    const auto batch = queue.take();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->names, std::vector<std::string>{wish});
    queue.done(*batch);
  }
  const auto rest = queue.take();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->names, (std::vector<std::string>{kEverything, "clock"}));
  EXPECT_EQ(rest->urgency, Urgency::change);
}

TEST(WorkQueue, what_waits_as_a_sweep_moves_ahead_when_the_owner_asks_for_it) {
  WorkQueue queue;
  queue.add("a", Urgency::sweep);
  queue.add("b", Urgency::sweep);
  queue.add("b", Urgency::owner);
  queue.add("b", Urgency::sweep);
  EXPECT_EQ(queue.take()->names, std::vector<std::string>{"b"});
}

TEST(WorkQueue, what_is_called_off_is_not_done) {
  WorkQueue queue;
  queue.add("operation 1", Urgency::owner);
  queue.remove("operation 1");
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(queue.size(), 0U);
}

RC_GTEST_PROP(WorkQueue, never_loses_a_name_and_never_gives_one_out_twice_at_once, ()) {
  WorkQueue queue;
  std::optional<Batch> at_work;
  std::set<std::string> owed;  // asked for since it was last begun
  for (const int choice : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 16))) {
    if (choice < 12) {
      const std::string name(1, static_cast<char>('a' + choice % 4));
      queue.add(name, static_cast<Urgency>(choice / 4));
      owed.insert(name);
    } else if (at_work) {
      queue.done(*at_work);
      at_work.reset();
    } else {
      at_work = queue.take();
      const auto begun = at_work ? at_work->names : std::vector<std::string>();
      for (const std::string& name : begun) RC_ASSERT(owed.erase(name) == 1U);
    }
    for (const std::string& name : owed) RC_ASSERT(queue.waits(name));
    RC_ASSERT(queue.size() == owed.size());
  }
  if (at_work) queue.done(*at_work);
  while (const auto batch = queue.take()) {
    for (const std::string& name : batch->names) owed.erase(name);
    queue.done(*batch);
  }
  RC_ASSERT(owed.empty());
}

}  // namespace
}  // namespace trueup::service
