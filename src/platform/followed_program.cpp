#include "platform/followed_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include "platform/descriptor.h"

namespace trueup::platform {
namespace {

constexpr std::size_t kLongestLine = 2000;
constexpr std::size_t kMostAtOnce = 64U << 10U;    // then it waits …
constexpr std::chrono::milliseconds kBreath{500};  // … for that long: 128 KB a second at most

class Running final : public Pending {
 public:
  Running(pid_t pid, Descriptor output, Loop& loop, ProgramListener listener)
      : pid_(pid), output_(std::move(output)), loop_(loop), listener_(std::move(listener)) {
    wait();
  }
  ~Running() override {
    waits_.reset();
    end();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  void wait() {
    waits_ = loop_.when_ready(output_.get(), Direction::reading, [this] { read(); });
  }

  void read() {
    std::array<char, 4096> part{};
    for (std::size_t heard = 0; heard < kMostAtOnce;) {
      const auto count = ::read(output_.get(), part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return wait();
      if (count <= 0) {
        end();
        if (!line_.empty()) listener_.line(line_);
        return listener_.ended();
      }
      heard += static_cast<std::size_t>(count);
      take({part.data(), static_cast<std::size_t>(count)});
    }
    waits_ = loop_.after(kBreath, [this] { wait(); });
  }

  void take(std::string_view part) {
    for (const char c : part) {
      if (c == '\n') {
        listener_.line(line_);
        line_.clear();
      } else if (line_.size() < kLongestLine) {
        line_ += c;
      }
    }
  }

  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = 0;
  }

  pid_t pid_;
  Descriptor output_;
  Loop& loop_;
  ProgramListener listener_;
  std::string line_;
  std::unique_ptr<Pending> waits_;
};

class Counted final : public Pending {
 public:
  explicit Counted(int& count) : count_(count) { ++count_; }
  ~Counted() override { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  int& count_;
};

}  // namespace

Result<std::unique_ptr<Pending>> RealFollower::follow(const std::vector<std::string>& words, Loop& loop,
                                                      ProgramListener listener) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return read_error(errno, "open", "a pipe");
  Descriptor output(ends[0]);
  const Descriptor input(ends[1]);
  if (::fcntl(output.get(), F_SETFL, O_NONBLOCK) != 0) return read_error(errno, "open", "a pipe");
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDERR_FILENO);
  std::vector<std::string> texts = words;
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> environment{nullptr};
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, words.front().c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return read_error(failed, "run", words.front());
  return std::unique_ptr<Pending>(std::make_unique<Running>(pid, std::move(output), loop, std::move(listener)));
}

Result<std::unique_ptr<Pending>> FakeFollower::follow(const std::vector<std::string>& asked, Loop& /*loop*/,
                                                      ProgramListener to) {
  if (!answer) return answer.error();
  words = asked;
  listener = std::move(to);
  ++started;
  return std::unique_ptr<Pending>(std::make_unique<Counted>(running));
}

}  // namespace trueup::platform
