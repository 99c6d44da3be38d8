#include "platform/mounts.h"

#include <gtest/gtest.h>

namespace trueup::platform {
namespace {

TEST(Mounts, of_the_systems_own_places_do_not_matter) {
  const std::string disk = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n";
  const std::string stick = "90 22 8:1 / /home/pi/LEDMatrix/plugin-repos rw - vfat /dev/sda1 rw\n";
  const std::string runner = "91 22 8:2 / /runner rw - ext4 /dev/sdb1 rw\n";
  const std::string login = "92 25 0:50 / /run/user/1000 rw - tmpfs tmpfs rw\n23 22 0:21 / /proc rw - proc proc rw\n";
  EXPECT_EQ(mounts_that_matter(disk + login + stick + runner), disk + stick + runner);
  EXPECT_EQ(mounts_that_matter(""), "");
  EXPECT_EQ(mounts_that_matter("no line of it"), "no line of it\n");
}

TEST(Mounts, that_stay_as_they_are_are_no_news) {
  Mounts mounts;
  EXPECT_FALSE(mounts.have_changed());
}

}  // namespace
}  // namespace trueup::platform
