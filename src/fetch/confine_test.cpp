#include "fetch/confine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "support/files.h"

namespace trueup::fetch {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_UNCONFINED() GTEST_SKIP() << "skipped: with a sanitizer nothing is confined"
#else
#define SKIP_UNCONFINED() (void)0
#endif

/// Each in a process of its own, which gives up what it can never have back.
[[noreturn]] void end(bool as_it_should) { std::_Exit(as_it_should ? 0 : 1); }

TEST(Confine, who_takes_archives_apart_reaches_no_network_and_no_other_file) {
  SKIP_UNCONFINED();
  const test::TempDirectory directory;
  test::write_file(directory.path() / "inside" / "x", "x");
  test::write_file(directory.path() / "outside", "secret");
  const int target = ::open((directory.path() / "inside").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool knows_landlock = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) >= 1;
  const auto outside = (directory.path() / "outside").string();
  EXPECT_EXIT(
      {
        confine_to_directory(target);
        const bool network = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
        const bool program = ::execl("/bin/true", "true", nullptr) == 0;
        const bool inner = ::openat(target, "new", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
        const bool outer = ::openat(AT_FDCWD, outside.c_str(), O_RDONLY | O_CLOEXEC) >= 0;
        end(!network && !program && inner && (!outer || !knows_landlock));
      },
      testing::ExitedWithCode(0), "");
  ::close(target);
}

TEST(Confine, who_downloads_starts_no_program_and_writes_nowhere) {
  SKIP_UNCONFINED();
  const test::TempDirectory directory;
  const auto path = (directory.path() / "x").string();
  EXPECT_EXIT(
      {
        confine_to_network();
        const bool network = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
        const bool program = ::execl("/bin/true", "true", nullptr) == 0;
        const bool child = ::fork() >= 0;
        const bool written = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
        const bool read = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
        end(network && !program && !child && !written && read);
      },
      testing::ExitedWithCode(0), "");
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace trueup::fetch
