// What only the real disk can show: pipes, permissions, other processes, the kernel's own answers.
#include "platform/real_file_system.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "platform/beneath.h"
#include "platform/contract_test_support.h"
#include "platform/tree.h"

namespace trueup::platform {

namespace {

using RealDiskOnly = DiskContract;

TEST_P(RealDiskOnly, refuses_a_pipe_a_socket_and_a_device_at_once) {
  const std::string path = disk_->root_path() + "/manifest.json";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(root_->read("manifest.json", 10, Links::refuse).error().code, ErrorCode::unreadable);
  EXPECT_EQ(root_->open_for_writing("manifest.json", 0600).error().code, ErrorCode::conflict);
  EXPECT_EQ(root_->lease("manifest.json").error().code, ErrorCode::unreadable);
  EXPECT_EQ(root_->list()->front().kind, FileKind::other);

  const Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  (disk_->root_path() + "/socket").copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_EQ(root_->read("socket", 10, Links::refuse).error().code, ErrorCode::unreadable);

  const auto devices = RealFileSystem().open_root_for_reading("/dev");
  EXPECT_EQ((*devices)->read("zero", 10, Links::refuse).error().code, ErrorCode::unreadable);
}

TEST_P(RealDiskOnly, says_unreadable_and_read_only_where_the_mode_forbids) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root, to become another user";
  write("secret", "x");
  ASSERT_TRUE(root_->set_attributes("secret", {.mode = 0600}));
  ASSERT_TRUE(root_->make_directory("closed", {.mode = 0700}));
  ASSERT_EQ(::chmod(disk_->root_path().c_str(), 0755), 0);
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(::seteuid(kNobody), 0);
  const auto file = root_->read("secret", 10, Links::refuse);
  const auto directory = root_->open("closed", Links::refuse);
  const auto created = root_->write_new("new", "", {}, Sync::no);
  const auto lease = root_->lease("secret");
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_EQ(file.error().code, ErrorCode::unreadable);
  EXPECT_EQ(directory.error().code, ErrorCode::unreadable);
  EXPECT_EQ(created.error().code, ErrorCode::read_only);
  EXPECT_EQ(lease.error().code, ErrorCode::unreadable);
}

TEST_P(RealDiskOnly, says_unsupported_for_a_lease_on_another_owners_file) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root, to become another user";
  write("config.json", "{}");
  ASSERT_EQ(::chmod(disk_->root_path().c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto lease = root_->lease("config.json");
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_FALSE(lease);
  EXPECT_EQ(lease.error().code, ErrorCode::unsupported);
}

TEST_P(RealDiskOnly, gives_a_new_file_the_owner_it_is_told) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root, to give files away";
  const auto written = root_->write_new("a", "x", {.mode = 0640, .uid = 1234, .gid = 4321}, Sync::no);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->uid, 1234U);
  EXPECT_EQ(written->gid, 4321U);
  EXPECT_EQ(written->mode, 0640U);
  ASSERT_TRUE(root_->make_directory("d", {.mode = 0750, .uid = 1234, .gid = 4321}));
  EXPECT_EQ(root_->info("d", Links::refuse)->gid, 4321U);
}

TEST_P(RealDiskOnly, leaves_nothing_behind_when_it_may_not_give_the_owner) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: needs root, to become another user";
  ASSERT_EQ(::chmod(disk_->root_path().c_str(), 0777), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto file = root_->write_new("a", "x", {.mode = 0644, .uid = 0}, Sync::no);
  const auto directory = root_->make_directory("d", {.mode = 0755, .uid = 0});
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_EQ(file.error().code, ErrorCode::read_only);
  EXPECT_EQ(directory.error().code, ErrorCode::read_only);
  EXPECT_TRUE(root_->list()->empty());
}

TEST_P(RealDiskOnly, survives_a_writer_in_another_process_that_breaks_the_lease) {
  sigset_t announcement;  // of the kernel, that somebody wants to write: what this test waits for
  ::sigemptyset(&announcement);
  ::sigaddset(&announcement, SIGURG);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &announcement, nullptr), 0);
  write("config.json", "old");
  auto lease = root_->lease("config.json");
  ASSERT_TRUE(lease) << lease.error().text();
  const std::string path = disk_->root_path() + "/config.json";
  const pid_t writer = ::fork();
  if (writer == 0) {  // as LEDMatrix does: truncate, then write
    const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    ::_exit(fd >= 0 && ::write(fd, "foreign", 7) == 7 ? 0 : 1);
  }
  timespec patience = {.tv_sec = 30, .tv_nsec = 0};
  ASSERT_EQ(::sigtimedwait(&announcement, nullptr, &patience), SIGURG);
  EXPECT_TRUE((*lease)->is_breaking());
  EXPECT_EQ(read("config.json"), "old");  // he waits for us
  lease->reset();
  int status = -1;
  ASSERT_EQ(::waitpid(writer, &status, 0), writer);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read("config.json"), "foreign");
  ASSERT_EQ(::pthread_sigmask(SIG_UNBLOCK, &announcement, nullptr), 0);
}

TEST_P(RealDiskOnly, reads_files_that_do_not_say_their_size) {
  const auto proc = RealFileSystem().open_root_for_reading("/proc/self");
  ASSERT_TRUE(proc);
  const auto status = (*proc)->read("status", 1U << 20U, Links::refuse);
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_THAT(status->bytes, ::testing::HasSubstr("Name:"));
}

TEST_P(RealDiskOnly, opens_step_by_step_where_the_kernel_lacks_the_better_way) {
  ASSERT_TRUE(root_->make_directory("a", {.mode = 0755}));
  auto inner = root_->open_writable("a", Links::refuse);
  ASSERT_TRUE((*inner)->write_new("file", "x", {}, Sync::no));
  ASSERT_TRUE((*inner)->make_link("file", "link"));
  ASSERT_TRUE(root_->make_link("a", "to_a"));
  const Descriptor root(::open(disk_->root_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const auto errno_of = [&](const char* path, int flags) {
    for (auto* way : {&open_beneath, &open_beneath_by_steps}) {
      const Descriptor opened = way(root.get(), path, flags);
      const int failed = opened.is_open() ? 0 : errno;
      if (way == &open_beneath_by_steps) return failed;
      EXPECT_EQ(failed, open_beneath_by_steps(root.get(), path, flags).is_open() ? 0 : errno) << path;
    }
    return -1;
  };
  EXPECT_EQ(errno_of("a/file", O_RDONLY), 0);
  EXPECT_EQ(errno_of("a//./file", O_RDONLY), 0);
  EXPECT_EQ(errno_of("a", O_RDONLY | O_DIRECTORY), 0);
  EXPECT_EQ(errno_of("a/link", O_RDONLY), ELOOP);
  EXPECT_EQ(errno_of("to_a/file", O_RDONLY), ELOOP);
  EXPECT_EQ(errno_of("to_a", O_RDONLY | O_DIRECTORY), ELOOP);
  EXPECT_EQ(errno_of("a/file/x", O_RDONLY), ENOTDIR);
  EXPECT_EQ(errno_of("a/absent", O_RDONLY), ENOENT);
}

TEST_P(RealDiskOnly, cannot_be_led_out_by_a_directory_that_is_swapped_for_a_link) {
  ASSERT_TRUE(root_->make_directory("staging", {.mode = 0755}));
  auto staging = root_->open_writable("staging", Links::refuse);
  ASSERT_TRUE(root_->rename("staging", *root_, "moved", RenameMode::no_replace));
  ASSERT_TRUE(root_->make_link("/tmp", "staging"));
  ASSERT_TRUE((*staging)->write_new("file", "x", {}, Sync::no));
  EXPECT_EQ(read("moved/file"), "x");
}

TEST_P(RealDiskOnly, refuses_a_rename_to_another_kind_of_disk) {
  write("a", "x");
  const auto memory = make_test_disk("memory");
  auto other = memory->file_system().open_root(memory->root_path());
  EXPECT_EQ(root_->rename("a", **other, "a", RenameMode::replace).error().code, ErrorCode::internal);
  EXPECT_EQ(read("a"), "x");
}

INSTANTIATE_TEST_SUITE_P(Real, RealDiskOnly, ::testing::Values("real"));

}  // namespace

}  // namespace trueup::platform
