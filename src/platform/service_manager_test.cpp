#include "platform/service_manager.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/files.h"

namespace trueup::platform {
namespace {

using namespace std::chrono_literals;

class SystemctlTest : public ::testing::Test {
 protected:
  /// A program in systemctl's place.
  std::string program(const std::string& script) {
    const std::string path = (home_.path() / "systemctl").string();
    test::write_file(path, "#!/bin/sh\n" + script);
    ::chmod(path.c_str(), 0755);
    return path;
  }
  [[nodiscard]] std::string told() const { return test::read_file(home_.path() / "told"); }

  test::TempDirectory home_;
};

TEST_F(SystemctlTest, is_asked_to_restart_the_unit_without_a_password_and_without_our_environment) {
  ::setenv("LD_PRELOAD_LIKE", "x", 1);
  Systemctl services(
      {"/nowhere/systemctl", program("echo \"$@\" > " + (home_.path() / "told").string() +
                                     "; env | grep -c LD_PRELOAD_LIKE >> " + (home_.path() / "told").string())},
      10s);
  const Status restarted = services.restart("ledmatrix.service");
  ::unsetenv("LD_PRELOAD_LIKE");
  EXPECT_EQ(told(), "--no-ask-password restart ledmatrix.service\n0\n");
  EXPECT_FALSE(restarted) << "grep -c of nothing ends with 1";
}

TEST_F(SystemctlTest, says_that_it_was_restarted) {
  Systemctl services({program("exit 0")}, 10s);
  EXPECT_TRUE(services.restart("ledmatrix.service"));
}

TEST_F(SystemctlTest, repeats_why_it_was_refused) {
  Systemctl services({program("echo 'Access denied' >&2; echo more >&2; exit 4")}, 10s);
  const Status restarted = services.restart("ledmatrix.service");
  ASSERT_FALSE(restarted);
  EXPECT_EQ(restarted.error().code, ErrorCode::refused);
  EXPECT_EQ(restarted.error().message, "systemctl says: Access denied");
}

TEST_F(SystemctlTest, is_not_waited_for_without_end) {
  Systemctl services({program("exec sleep 100")}, 50ms);
  const Status restarted = services.restart("ledmatrix.service");
  ASSERT_FALSE(restarted);
  EXPECT_EQ(restarted.error().code, ErrorCode::contended);
}

TEST_F(SystemctlTest, says_where_there_is_none) {
  Systemctl services({"/nowhere/systemctl"}, 10s);
  const Status restarted = services.restart("ledmatrix.service");
  ASSERT_FALSE(restarted);
  EXPECT_EQ(restarted.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace trueup::platform
