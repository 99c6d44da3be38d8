#include "platform/network_address.h"

#include <gtest/gtest.h>

namespace trueup::platform {
namespace {

bool holds(const std::string& network, const std::string& address) {
  return Network::parse(network)->contains(*NetworkAddress::parse(address));
}

TEST(Network, holds_its_own_addresses_and_no_others) {
  EXPECT_TRUE(holds("192.168.1.0/24", "192.168.1.255"));
  EXPECT_FALSE(holds("192.168.1.0/24", "192.168.2.1"));
  EXPECT_TRUE(holds("192.168.1.7/32", "192.168.1.7"));
  EXPECT_FALSE(holds("192.168.1.7/32", "192.168.1.6"));
  EXPECT_TRUE(holds("10.0.0.0/9", "10.127.0.1"));
  EXPECT_FALSE(holds("10.0.0.0/9", "10.128.0.1"));
  EXPECT_TRUE(holds("fd00::/8", "fd12::1"));
  EXPECT_FALSE(holds("fd00::/8", "192.168.1.7"));
  EXPECT_TRUE(holds("192.168.1.0/24", "::ffff:192.168.1.9"));
}

TEST(Network, what_is_written_wrongly_is_none) {
  for (const char* text : {"", "192.168.1.0", "192.168.1.1/24", "192.168.1.0/33", "192.168.1.0/", "192.168.1.0/-1",
                           "localhost/8", "fd00::/129", "192.168.1.0/24x"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(NetworkAddress, is_shown_as_it_is_written) {
  for (const char* text : {"192.168.1.7", "fe80::1", "::1"}) EXPECT_EQ(NetworkAddress::parse(text)->text(), text);
  EXPECT_EQ(NetworkAddress::parse("::ffff:10.0.0.1")->text(), "10.0.0.1");
  EXPECT_TRUE(NetworkAddress::parse("127.9.9.9")->is_loopback());
  EXPECT_TRUE(NetworkAddress::parse("::ffff:127.0.0.1")->is_loopback());
  EXPECT_FALSE(NetworkAddress::parse("128.0.0.1")->is_loopback());
}

}  // namespace
}  // namespace trueup::platform
