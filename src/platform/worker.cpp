#include "platform/worker.h"

#include <malloc.h>
#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

#include "platform/own_process.h"

namespace trueup::platform {

struct ThreadWorker::Parts {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> jobs;
  bool ends = false;
  bool at_work = false;
  std::thread thread;

  void work() {
    for (;;) {
      Job job;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return ends || !jobs.empty(); });
        if (ends) return;
        job = std::move(jobs.front());
        jobs.pop_front();
        at_work = true;
      }
      job();
      const std::lock_guard lock(mutex);
      at_work = false;
    }
  }
};

ThreadWorker::ThreadWorker() : parts_(std::make_unique<Parts>()) {
  // Signals are the loop's: the thread starts with all of them blocked.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  parts_->thread = std::thread([parts = parts_.get()] { parts->work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadWorker::~ThreadWorker() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->ends = true;
  }
  parts_->changed.notify_one();
  parts_->thread.join();
}

void ThreadWorker::start(Job job) {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->jobs.push_back(std::move(job));
  }
  parts_->changed.notify_one();
}

bool ThreadWorker::is_at_work() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->at_work;
}

void give_back_memory() {
  keep_memory_small();  // a large document may have asked for a large heap
  ::malloc_trim(0);
}

}  // namespace trueup::platform
