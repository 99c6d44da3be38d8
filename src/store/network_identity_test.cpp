#include "store/network_identity.h"

#include <gtest/gtest.h>

#include "platform/memory_file_system.h"

namespace trueup::store {
namespace {

constexpr std::string_view kRoutes =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t303\t00000000\t0\t0\t0\n"
    "wlan0\t0001A8C0\t00000000\t0001\t0\t0\t303\t00FFFFFF\t0\t0\t0\n";
constexpr std::string_view kAddresses =
    "Main:\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.168.1.20\n        /32 host LOCAL\n"
    "     |-- 192.168.1.255\n        /32 link BROADCAST\n";
constexpr std::string_view kWayOutOfVersion6 =
    "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 "
    "00000003 00000000 00000003    wlan0\n";

std::string replaced(std::string_view text, const std::string& what, const std::string& by) {
  std::string out(text);
  out.replace(out.find(what), what.size(), by);
  return out;
}

TEST(NetworkIdentity, is_another_one_behind_another_router_or_with_another_address) {
  const std::string home = network_identity(kRoutes, "", kAddresses);
  EXPECT_NE(home, "");
  EXPECT_EQ(network_identity(kRoutes, "", kAddresses), home);
  EXPECT_NE(network_identity(replaced(kRoutes, "0101A8C0", "FE01A8C0"), "", kAddresses), home);
  EXPECT_NE(network_identity(replaced(kRoutes, "wlan0", "eth0"), "", kAddresses), home);
  EXPECT_NE(network_identity(kRoutes, "", replaced(kAddresses, "192.168.1.20", "192.168.1.21")), home);
  EXPECT_NE(network_identity(kRoutes, kWayOutOfVersion6, kAddresses), home);
}

TEST(NetworkIdentity, does_not_hang_on_the_order_or_on_what_is_no_address_of_this_machine) {
  std::string other_order(kRoutes.substr(0, kRoutes.find('\n') + 1));
  const std::string_view rest = kRoutes.substr(kRoutes.find('\n') + 1);
  other_order += rest.substr(rest.find('\n') + 1);
  other_order += rest.substr(0, rest.find('\n') + 1);
  const std::string home = network_identity(kRoutes, "", kAddresses);
  EXPECT_EQ(network_identity(other_order, "", kAddresses), home);
  EXPECT_EQ(network_identity(kRoutes, "", replaced(kAddresses, "192.168.1.255", "192.168.1.254")), home);
}

TEST(NetworkIdentity, is_none_where_no_way_leads_out_or_nothing_is_told) {
  EXPECT_EQ(network_identity("", "", kAddresses), "");
  EXPECT_EQ(network_identity(replaced(kRoutes, "00000000\t0101A8C0", "0001A8C0\t00000000"), "", kAddresses), "");
  EXPECT_NE(network_identity("", kWayOutOfVersion6, ""), "");
  EXPECT_EQ(network_identity("no table", "nor this", ""), "");
  EXPECT_EQ(network_identity(platform::MemoryFileSystem()), "");
}

}  // namespace
}  // namespace trueup::store
