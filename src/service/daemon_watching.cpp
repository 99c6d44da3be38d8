// How the daemon hears of changes: events say where to look, a pass says what is there. Events of one write are waited
// for, so that a burst of ten thousand costs a handful of passes.
#include <fmt/core.h>

#include <utility>

#include "service/daemon.h"

namespace trueup::service {
namespace {

constexpr std::chrono::hours kLongestWork{1};  // a worker that takes longer hangs, and the supervisor may know it

}  // namespace

void Daemon::watch(std::vector<platform::WatchedDirectory> directories) {
  watched_ = std::move(directories);
  ports_.watcher.watch(watched_);
  const auto& blind = ports_.watcher.blind();
  if (blind == blind_told_) return;
  for (const std::string& sentence : blind) log(LogLevel::warning, "watching.degraded", {{"says", sentence}});
  if (blind.empty()) log(LogLevel::info, "watching.whole");
  blind_told_ = blind;
}

void Daemon::listen() {
  if (ports_.watcher.descriptor() < 0) return;
  events_ = ports_.loop.when_ready(ports_.watcher.descriptor(), platform::Direction::reading, [this] { hear(); });
}

void Daemon::hear() {
  heard_ = ports_.watcher.take();
  if (heard_.empty()) return listen();
  settle_rounds_ = 0;
  settle();
}

void Daemon::settle() {
  settling_ = ports_.loop.after(kSettle, [this] {
    platform::WatchEvents more = ports_.watcher.take();
    const bool quiet = more.empty();
    heard_.topics.merge(more.topics);
    if (more.everything) heard_.everything = true, heard_.why = std::move(more.why);
    if (quiet || ++settle_rounds_ >= kMostSettleRounds) return act_on_events();
    settle();
  });
}

void Daemon::act_on_events() {
  ++counters_.events;
  const platform::WatchEvents events = std::exchange(heard_, {});
  if (events.everything) {
    watch(watched_);  // before the look, so that nothing falls in between
    queue_.add(kEverything, Urgency::change);
  }
  for (const std::string& topic : events.topics) queue_.add(topic, Urgency::change);
  listen();
  pump();
}

void Daemon::listen_to_network() {
  if (ports_.network_news == nullptr || ports_.network_news->descriptor() < 0) return;
  network_news_ = ports_.loop.when_ready(ports_.network_news->descriptor(), platform::Direction::reading, [this] {
    // Addresses and routes come one by one, and a lease that is renewed changes none of them.
    network_news_ = ports_.loop.after(kNetworkSettles, [this] { look_at_network(); });
  });
}

/// In another network what failed may be tried again; without one there is nothing to try.
void Daemon::look_at_network() {
  ports_.network_news->take();
  std::string now = ports_.network();
  const bool is_another = !now.empty() && now != network_;
  if (!now.empty()) network_ = std::move(now);
  listen_to_network();
  if (is_another) want_pass(kEverything, Urgency::change);
}

void Daemon::tell_owner(const std::vector<std::string>& words) {
  const bool knows_nothing_yet = words != owners_program_;
  owners_program_ = words;
  if (words.empty()) return;
  for (const model::Inconsistency& finding : knows_nothing_yet ? findings_ : news_.came()) {
    ports_.runner.start([this, words, text = encode(finding, false) + "\n"] {
      const Status ran = ports_.run_program(words, text);
      ports_.loop.post([this, ran] {
        if (!ran && !hook_failed_) log(LogLevel::warning, "on_finding.failed", {{"why", ran.error().text()}});
        hook_failed_ = !ran;
      });
    });
  }
}

void Daemon::keep_alive() {
  if (!ports_.watchdog) return;
  alive_ = ports_.loop.after(*ports_.watchdog / 2, [this] {
    const bool hangs = !at_work_.empty() && ports_.loop.now() - began_ > kLongestWork;
    if (!hangs) ports_.supervisor.tell("WATCHDOG=1");
    keep_alive();
  });
}

}  // namespace trueup::service
