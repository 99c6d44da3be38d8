#include "platform/local_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "platform/supervisor.h"
#include "support/files.h"

namespace trueup::platform {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

TEST(LocalSocket, carries_bytes_both_ways_and_names_who_is_there) {
  const test::TempDirectory home;
  auto listener = LocalListener::open(home.path().string(), "socket");
  ASSERT_TRUE(listener) << listener.error().text();
  EXPECT_FALSE(listener->accept()->has_value());
  auto client = connect_local(home.path().string(), "socket");
  ASSERT_TRUE(client) << client.error().text();
  auto server = listener->accept();
  ASSERT_TRUE(server && *server);
  EXPECT_EQ(client->peer()->user_id, ::geteuid());
  EXPECT_EQ((*server)->peer()->pid, ::getpid());
  EXPECT_FALSE((*server)->read_some()->has_value()) << "nothing yet";
  EXPECT_EQ(client->write_some("hello").value_or(0), 5U);
  ASSERT_TRUE(wait_until_ready((*server)->descriptor(), Direction::reading, seconds(10)));
  EXPECT_EQ((*server)->read_some()->value_or(""), "hello");
  {
    const auto gone = std::move(*server);
  }
  ASSERT_TRUE(wait_until_ready(client->descriptor(), Direction::reading, seconds(10)));
  EXPECT_EQ(client->read_some()->value_or("?"), "");
}

TEST(LocalSocket, is_its_owners_alone_and_goes_with_its_owner) {
  const test::TempDirectory home;
  const auto before = ::umask(0);
  {
    const auto listener = LocalListener::open(home.path().string(), "socket");
    ::umask(before);
    ASSERT_TRUE(listener);
    struct stat about{};
    ASSERT_EQ(::lstat((home.path() / "socket").c_str(), &about), 0);
    EXPECT_TRUE(S_ISSOCK(about.st_mode));
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
  }
  EXPECT_FALSE(fs::exists(fs::symlink_status(home.path() / "socket")));
  const auto nobody = connect_local(home.path().string(), "socket");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::not_found);
}

TEST(LocalSocket, a_long_path_is_no_hindrance_and_a_link_in_the_directorys_place_is_refused) {
  const test::TempDirectory home;
  const fs::path deep = home.path() / std::string(200, 'a');
  fs::create_directories(deep);
  EXPECT_TRUE(LocalListener::open(deep.string(), "socket"));
  fs::create_directory_symlink(deep, home.path() / "link");
  EXPECT_FALSE(LocalListener::open((home.path() / "link").string(), "socket"));
}

TEST(LocalSocket, what_a_dead_program_left_is_nobody_and_is_replaced) {
  const test::TempDirectory home;
  {
    // A socket that is bound and whose program was killed: the name stays.
    const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (home.path() / "socket").string();
    ASSERT_LT(path.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  const auto nobody = connect_local(home.path().string(), "socket");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::not_found);
  auto listener = LocalListener::open(home.path().string(), "socket");
  ASSERT_TRUE(listener);
  EXPECT_TRUE(connect_local(home.path().string(), "socket"));
}

TEST(Systemd, is_told_in_one_datagram_at_a_path_or_a_name_that_is_no_file) {
  const test::TempDirectory home;
  for (const std::string& address : {(home.path() / "notify").string(), "@trueup-test-" + std::to_string(::getpid())}) {
    const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    ASSERT_LT(address.size(), sizeof name.sun_path);
    std::memcpy(name.sun_path, address.data(), address.size());
    if (name.sun_path[0] == '@') name.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), length), 0);
    Systemd(address).tell("READY=1");
    std::array<char, 100> got{};
    const auto count = ::recv(socket.get(), got.data(), got.size(), MSG_DONTWAIT);
    ASSERT_GT(count, 0) << address;
    EXPECT_EQ(std::string(got.data(), static_cast<std::size_t>(count)), "READY=1");
  }
  Systemd("").tell("READY=1");
  Systemd((home.path() / "nobody").string()).tell("READY=1");
}

}  // namespace
}  // namespace trueup::platform
