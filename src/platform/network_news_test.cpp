#include "platform/network_news.h"

#include <gtest/gtest.h>

namespace trueup::platform {
namespace {

TEST(NetworkNews, who_listens_to_the_kernel_is_never_kept_waiting_where_nothing_changes) {
  KernelNetworkNews news;
  if (news.descriptor() < 0) GTEST_SKIP() << "this sandbox has no AF_NETLINK";
  news.take();
  news.take();
}

}  // namespace
}  // namespace trueup::platform
