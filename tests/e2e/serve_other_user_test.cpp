// Another user of the same machine at the daemon's socket: the file keeps him out, and where its mode does not, the
// daemon asks the kernel who he is. Only root can become somebody else, so that only root can run these.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>

#include "e2e/command_support.h"
#include "e2e/running_daemon.h"
#include "service/client.h"
#include "service/frames.h"
#include "support/snapshot.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kNobody = 65534;

bool become_nobody() {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
         ::setresuid(kNobody, kNobody, kNobody) == 0;
}

sockaddr_un socket_here() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, "socket");
  return address;
}

/// What `work` says, done by a process of nobody's that stands in `directory`, where root has put it. Nothing: this
/// machine does not let it be nobody.
std::optional<std::string> as_nobody(const fs::path& directory, const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(directory.c_str()) != 0 || !become_nobody()) ::_exit(1);
    const std::string said = work();
    ::_exit(::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 2);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
    said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 1) return std::nullopt;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  return said;
}

/// Asks at the socket in the directory where it stands. The kernel's word where that lets nobody connect; "sent away"
/// where the line was closed without a word; else what was answered.
std::string ask_here(const std::string& question) {
  const int line = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = socket_here();
  if (::connect(line, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return std::strerror(errno);
  (void)::send(line, question.data(), question.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(line, bytes.data(), bytes.size())) > 0;) {
    answer.append(bytes.data(), static_cast<std::size_t>(count));
  }
  ::close(line);
  return answer.empty() ? "sent away" : answer;
}

std::string question(const service::Request& request) {
  return service::encode(service::Frame{service::FrameKind::request, service::encode(request)});
}

class OtherUser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    home.add_healthy("clock").add_healthy("weather");
    if (!as_nobody("/", [] { return std::string(); })) GTEST_SKIP() << "this machine knows no user 65534";
  }
  std::string asked(const std::string& what) {
    return as_nobody(own(), [&what] { return ask_here(what); }).value_or("is not nobody");
  }
  fs::path own() { return home.root() / ".trueup"; }

  Installation home;
};

TEST_F(OtherUser, cannot_connect_to_the_daemon) {
  RunningDaemon daemon(home);
  const std::string know = question({.ask = service::Ask::snapshot});
  EXPECT_EQ(asked(know), std::strerror(EACCES));
  ASSERT_EQ(::chmod(own().c_str(), 0755), 0);
  EXPECT_EQ(asked(know), std::strerror(EACCES)) << "the socket's own mode says the same";
}

TEST_F(OtherUser, is_sent_away_unheard_where_the_modes_were_loosened_and_disturbs_nothing) {
  RunningDaemon daemon(home);
  daemon.at_rest();
  ASSERT_EQ(::chmod(own().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((own() / "socket").c_str(), 0666), 0);
  const auto before = take_snapshot(home.root());
  for (const service::Request& request :
       {service::Request{.ask = service::Ask::snapshot}, service::Request{.ask = service::Ask::follow},
        service::Request{.ask = service::Ask::metrics},
        service::Request{.ask = service::Ask::submit,
                         .operation = {.words = {"uninstall", "clock"}, .plugin_id = "clock"}},
        service::Request{.ask = service::Ask::cancel, .id = 1}}) {
    EXPECT_EQ(asked(question(request)), "sent away") << to_string(request.ask);
  }
  const std::string again_and_again = as_nobody(own(), [] {
                                        for (int i = 0; i < 500; ++i) {
                                          if (ask_here("?") != "sent away") return std::string("heard");
                                        }
                                        return std::string("never heard");
                                      }).value_or("is not nobody");
  EXPECT_EQ(again_and_again, "never heard");
  EXPECT_EQ(difference(before, take_snapshot(home.root())), "");
  const auto known = daemon.now();
  EXPECT_TRUE(known["healthy"]);
  EXPECT_TRUE(known["operations"].empty());
  EXPECT_EQ(trueup(home, {"disable", "clock"}).exit_status, 0) << "its owner is heard as before";
  EXPECT_NE(home.read("config/config.json").find("\"enabled\": false"), std::string::npos);
}

TEST_F(OtherUser, is_told_nothing_where_he_listens_in_the_daemons_place) {
  ASSERT_EQ(trueup(home, {"disable", "weather"}).exit_status, 0);  // trueup's own directory is there
  ASSERT_EQ(::chmod(own().c_str(), 0777), 0);
  std::array<int, 2> until{};
  ASSERT_EQ(::pipe2(until.data(), O_CLOEXEC), 0);
  std::array<int, 2> listens{};
  ASSERT_EQ(::pipe2(listens.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(until[1]);
    const int line = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = socket_here();
    const bool works = ::chdir(own().c_str()) == 0 && become_nobody() &&
                       ::bind(line, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::listen(line, 4) == 0;
    char byte = works ? 'y' : 'n';
    (void)!::write(listens[1], &byte, 1);
    (void)!::read(until[0], &byte, 1);
    ::_exit(0);
  }
  char works = 'n';
  ASSERT_EQ(::read(listens[0], &works, 1), 1);
  EXPECT_EQ(works, 'y');
  const auto client = service::Client::connect(own().string(), ::geteuid());
  EXPECT_EQ(client ? ErrorCode::invalid : client.error().code, ErrorCode::refused);
  EXPECT_EQ(trueup(home, {"disable", "clock"}).exit_status, 0) << "the command does its work itself";
  for (const int end : {until[0], until[1], listens[0], listens[1]}) ::close(end);
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace trueup::test
