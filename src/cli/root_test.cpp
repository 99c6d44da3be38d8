#include "cli/root.h"

#include <gtest/gtest.h>

namespace trueup::cli {
namespace {

TEST(AbsolutePath, is_told_without_what_names_nothing) {
  EXPECT_EQ(absolute_path("./x.zip", "/home/pi"), "/home/pi/x.zip");
  EXPECT_EQ(absolute_path("x.zip", "/"), "/x.zip");
  EXPECT_EQ(absolute_path("a/./b//c/.", "/home/pi/"), "/home/pi/a/b/c");
  EXPECT_EQ(absolute_path("/home/./pi/x.zip", "/elsewhere"), "/home/pi/x.zip");
  EXPECT_EQ(absolute_path(".", "/home/pi"), "/home/pi");
  EXPECT_EQ(absolute_path("/", "/home/pi"), "/");
  EXPECT_EQ(absolute_path(".hidden/..x", "/home/pi"), "/home/pi/.hidden/..x") << "names, though they begin with dots";
}

TEST(AbsolutePath, leaves_the_directory_above_to_the_disk_which_knows_where_a_link_leads) {
  EXPECT_EQ(absolute_path("../x.zip", "/home/pi"), "/home/pi/../x.zip");
}

}  // namespace
}  // namespace trueup::cli
