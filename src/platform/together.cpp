#include "platform/together.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

namespace trueup::platform {

void run_together(std::vector<Job> jobs, std::size_t at_once) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) jobs[i]();
  };
  if (jobs.size() < 2 || at_once < 2) {
    work();
    return;
  }
  // Signals are for the thread that called: the others start with all of them blocked.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(jobs.size(), at_once); ++i) threads.emplace_back(work);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  work();
}

}  // namespace trueup::platform
