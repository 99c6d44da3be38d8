// The only file that pays for Asio's headers. Callbacks only: coroutines cost many times as much to compile.
#include "platform/asio_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace trueup::platform {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What a handler holds on to: whether somebody still waits for it. Only the loop's thread touches it.
struct Waiting {
  Job job;
};

/// A job that may do away with its own Pending.
void fire(const std::shared_ptr<Waiting>& waiting) {
  const Job job = std::exchange(waiting->job, {});
  if (job) job();
}

class Timer final : public Pending {
 public:
  Timer(asio::io_context& context, Loop::Duration duration, Job job)
      : waiting_(std::make_shared<Waiting>(std::move(job))), timer_(context, duration) {
    timer_.async_wait([waiting = waiting_](const error_code& failed) {
      if (!failed) fire(waiting);
    });
  }
  ~Timer() override { waiting_->job = {}; }

 private:
  std::shared_ptr<Waiting> waiting_;
  asio::steady_timer timer_;
};

class Readiness final : public Pending {
 public:
  Readiness(asio::io_context& context, int descriptor, Direction direction, Job job)
      : waiting_(std::make_shared<Waiting>(std::move(job))), stream_(context) {
    error_code failed;
    failed = stream_.assign(descriptor, failed);
    if (failed) {  // a file, or a descriptor that is watched twice: it counts as ready
      asio::post(context, [waiting = waiting_] { fire(waiting); });
      return;
    }
    const auto kind = direction == Direction::reading ? asio::posix::stream_descriptor::wait_read
                                                      : asio::posix::stream_descriptor::wait_write;
    stream_.async_wait(kind, [this, waiting = waiting_](const error_code& error) {
      if (error || !waiting->job) return;
      let_go();
      fire(waiting);
    });
  }
  ~Readiness() override {
    waiting_->job = {};
    let_go();
  }

 private:
  /// The descriptor is its owner's, who may close it at any moment.
  void let_go() {
    if (stream_.is_open()) (void)stream_.release();
  }

  std::shared_ptr<Waiting> waiting_;
  asio::posix::stream_descriptor stream_;
};

/// Registered once with the system; a wait is one call to it instead of four.
class Registration final : public Watch {
 public:
  Registration(asio::io_context& context, int descriptor) : context_(context), stream_(context) {
    error_code failed;
    failed = stream_.assign(descriptor, failed);
    counts_as_ready_ = static_cast<bool>(failed);  // a file, say
  }
  ~Registration() override {
    for (const auto& waiting : {reading_, writing_}) waiting->job = {};
    if (stream_.is_open()) (void)stream_.release();  // the descriptor is its owner's
  }

  void when_ready(Direction direction, Job job) override {
    const auto& waiting = direction == Direction::reading ? reading_ : writing_;
    waiting->job = std::move(job);
    if (std::exchange(waiting->is_asked, true)) return;
    const auto answered = [waiting](const error_code& failed) {
      waiting->is_asked = false;
      if (failed) return;
      const Job due = std::exchange(waiting->job, {});
      if (due) due();
    };
    if (counts_as_ready_) return asio::post(context_, [answered] { answered({}); });
    stream_.async_wait(direction == Direction::reading ? asio::posix::stream_descriptor::wait_read
                                                       : asio::posix::stream_descriptor::wait_write,
                       answered);
  }

 private:
  struct Asked {
    Job job;
    bool is_asked = false;  // the system is
  };

  asio::io_context& context_;
  asio::posix::stream_descriptor stream_;
  bool counts_as_ready_ = false;
  std::shared_ptr<Asked> reading_ = std::make_shared<Asked>();
  std::shared_ptr<Asked> writing_ = std::make_shared<Asked>();
};

}  // namespace

struct AsioLoop::Parts {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::signal_set signals{context};
  std::function<void(int)> on_signal;

  void wait_for_signal() {
    signals.async_wait([this](const error_code& failed, int number) {
      if (failed) return;
      wait_for_signal();
      on_signal(number);
    });
  }
};

AsioLoop::AsioLoop() : parts_(std::make_unique<Parts>()) {}
AsioLoop::~AsioLoop() = default;

Loop::Duration AsioLoop::now() const { return std::chrono::steady_clock::now().time_since_epoch(); }

void AsioLoop::post(Job job) { asio::post(parts_->context, std::move(job)); }

std::unique_ptr<Pending> AsioLoop::after(Duration duration, Job job) {
  return std::make_unique<Timer>(parts_->context, duration, std::move(job));
}

std::unique_ptr<Pending> AsioLoop::when_ready(int descriptor, Direction direction, Job job) {
  return std::make_unique<Readiness>(parts_->context, descriptor, direction, std::move(job));
}

std::unique_ptr<Watch> AsioLoop::watch(int descriptor) {
  return std::make_unique<Registration>(parts_->context, descriptor);
}

void AsioLoop::on_signals(const std::vector<int>& signals, std::function<void(int)> job) {
  for (const int number : signals) parts_->signals.add(number);
  parts_->on_signal = std::move(job);
  parts_->wait_for_signal();
}

void AsioLoop::run() { parts_->context.run(); }
void AsioLoop::stop() { parts_->context.stop(); }
asio::io_context& AsioLoop::context() { return parts_->context; }

}  // namespace trueup::platform
