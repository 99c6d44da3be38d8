// Where a job that blocks is done, so that the loop never waits: one at a time, in the order in which they came.
#pragma once

#include <deque>
#include <memory>

#include "platform/loop.h"

namespace trueup::platform {

class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;
  /// From the loop's thread. A job hands its answer back by Loop::post.
  virtual void start(Job job) = 0;
};

/// One thread. Its end waits for the job at work and does none of the others.
class ThreadWorker final : public Worker {
 public:
  ThreadWorker();
  ~ThreadWorker() override;
  void start(Job job) override;
  /// From any thread.
  [[nodiscard]] bool is_at_work() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A test says when a job is done.
class FakeWorker final : public Worker {
 public:
  void start(Job job) override { jobs.push_back(std::move(job)); }
  /// False: there is none.
  bool do_next() {
    if (jobs.empty()) return false;
    const Job job = std::move(jobs.front());
    jobs.pop_front();
    job();
    return true;
  }

  std::deque<Job> jobs;
};

/// Memory that a large job needed goes back to the system, and so does what the next one leaves free. For a program
/// that stays.
void give_back_memory();

}  // namespace trueup::platform
