#include "e2e/running_daemon.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstring>
#include <optional>

namespace trueup::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

platform::Descriptor listen_at(const std::string& path) {
  platform::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return socket;
}

}  // namespace

RunningDaemon::RunningDaemon(Installation& home, std::vector<std::string> more, const std::string& registry,
                             std::vector<std::string> under)
    : own_((home.root() / ".trueup").string()), log_(scratch_.path() / "log") {
  const std::string notify = (scratch_.path() / "notify").string();
  notify_ = listen_at(notify);
  std::vector<std::string> words = std::move(under);
  words.insert(words.end(), {TRUEUP_BINARY, "--root", home.root().string(), "--registry",
                             registry.empty() ? home.registry().string() : registry, "serve"});
  words.insert(words.end(), more.begin(), more.end());
  std::vector<std::string> variables{"NOTIFY_SOCKET=" + notify};
  for (char** one = environ; *one != nullptr; ++one) {
    if (std::string_view(*one).starts_with("TRUEUP_") || std::string_view(*one).starts_with("NOTIFY_")) continue;
    variables.emplace_back(*one);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  EXPECT_EQ(::posix_spawnp(&pid_, words.front().c_str(), &actions, nullptr, arguments.data(), environment.data()), 0);
  posix_spawn_file_actions_destroy(&actions);
  for (std::string state = told(); !state.empty(); state = told()) {
    if (state != "READY=1") continue;
    ready_ = true;
    break;
  }
  EXPECT_TRUE(ready_) << log();
}

RunningDaemon::~RunningDaemon() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void RunningDaemon::signal(int number) const { ASSERT_EQ(::kill(pid_, number), 0); }

int RunningDaemon::wait_for_end() {
  const platform::Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!platform::wait_until_ready(process.get(), platform::Direction::reading, kPatience)) {
    ADD_FAILURE() << "it does not end: " << log();
    return -1;
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string RunningDaemon::told() {
  // It may end before it tells anything.
  const platform::Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  std::array<pollfd, 2> waiting{pollfd{.fd = notify_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = process.get(), .events = POLLIN, .revents = 0}};
  ::poll(waiting.data(), waiting.size(), static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  std::array<char, 1000> state{};
  const auto count = ::recv(notify_.get(), state.data(), state.size(), MSG_DONTWAIT);
  return count > 0 ? std::string(state.data(), static_cast<std::size_t>(count)) : std::string();
}

RunningDaemon::Json RunningDaemon::when(const std::function<bool(const Json&)>& wanted) {
  auto client = service::Client::connect(own_, ::geteuid());
  if (!client || !client->ask({.ask = service::Ask::follow})) {
    ADD_FAILURE() << "nobody listens: " << log();
    return {};
  }
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::string last;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto frame = client->next(std::max(left, std::chrono::milliseconds(0)));
    if (!frame) {
      ADD_FAILURE() << "it never came to that: " << frame.error().text() << "\n" << last << "\n" << log();
      return Json::parse(last, nullptr, false);
    }
    last = frame->body;
    Json known = Json::parse(last);
    if (wanted(known)) return known;
  }
}

Result<std::string> RunningDaemon::ask(const service::Request& request) {
  ASSIGN_OR_RETURN(auto client, service::Client::connect(own_, ::geteuid()));
  RETURN_IF_ERROR(client.ask(request));
  ASSIGN_OR_RETURN(const auto frame, client.next(kPatience));
  if (frame.kind == service::FrameKind::declined) return service::decode_error(frame.body);
  return frame.body;
}

}  // namespace trueup::test
