#include "fetch/public_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

namespace trueup::fetch {
namespace {

bool public4(const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &address.sin_addr), 1) << text;
  return is_public(*reinterpret_cast<const sockaddr*>(&address));
}

bool public6(const std::string& text) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr), 1) << text;
  return is_public(*reinterpret_cast<const sockaddr*>(&address));
}

// Failure F148.
TEST(PublicAddress, is_none_of_this_machine_its_neighbours_or_their_disguises) {
  for (const char* text : {"127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
                           "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"}) {
    EXPECT_FALSE(public4(text)) << text;
  }
  for (const char* text : {"::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1",
                           "::ffff:192.168.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "::127.0.0.1"}) {
    EXPECT_FALSE(public6(text)) << text;
  }
  for (const char* text : {"1.1.1.1", "140.82.121.3", "172.32.0.1", "192.169.0.1", "100.128.0.1"}) {
    EXPECT_TRUE(public4(text)) << text;
  }
  EXPECT_TRUE(public6("2606:50c0:8000::154"));
  EXPECT_TRUE(public6("::ffff:1.1.1.1"));
  sockaddr unknown{};
  unknown.sa_family = AF_UNIX;
  EXPECT_FALSE(is_public(unknown));
}

TEST(PublicAddress, is_asked_of_names_where_a_proxy_resolves_them) {
  for (const char* host : {"localhost", "a.localhost", "printer.local", "127.1", "2130706433", "0x7f000001", "[::1]",
                           "10.0.0.1", "[::ffff:10.0.0.1]"}) {
    EXPECT_TRUE(names_private_host(host)) << host;
  }
  for (const char* host : {"github.com", "1.1.1.1", "localhost.example.com", "[2606:50c0:8000::154]"}) {
    EXPECT_FALSE(names_private_host(host)) << host;
  }
}

TEST(PublicAddress, a_host_without_proxy_is_named_whole_or_by_its_end) {
  EXPECT_TRUE(is_listed("a.example.com", "x, .example.com"));
  EXPECT_TRUE(is_listed("example.com", "example.com"));
  EXPECT_TRUE(is_listed("anything", "*"));
  EXPECT_FALSE(is_listed("notexample.com", "example.com"));
  EXPECT_FALSE(is_listed("example.com", ""));
}

}  // namespace
}  // namespace trueup::fetch
