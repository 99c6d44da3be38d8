#include "store/web_address.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace trueup::store {
namespace {

std::string repository(std::string_view text) {
  const auto address = parse_repository(text);
  return address ? address->text() : std::string(to_string(address.error().code));
}

std::string archive(const model::RegistryEntry& entry) {
  const auto address = archive_of(entry);
  return address ? address->text() : std::string(to_string(address.error().code));
}

// Failure F124.
TEST(WebAddress, of_a_repository_loses_one_git_at_its_end_and_nothing_else) {
  EXPECT_EQ(repository("https://www.github.com/u/r"), "https://www.github.com/u/r");
  EXPECT_EQ(repository("https://github.com/u/my.github.io"), "https://github.com/u/my.github.io");
  EXPECT_EQ(repository("https://github.com/u/r.git"), "https://github.com/u/r");
  EXPECT_EQ(repository("https://github.com/u/r.git/"), "https://github.com/u/r");
  EXPECT_EQ(repository("https://github.com/u/r.git.git"), "https://github.com/u/r.git");
  EXPECT_EQ(repository("  https://GitHub.com/u/R//  "), "https://github.com/u/R");
  EXPECT_EQ(repository("https://github.com/.git"), "https://github.com/.git");
}

// Failure F124.
TEST(WebAddress, of_an_archive_has_the_branch_letter_by_letter) {
  const model::RegistryEntry entry{.repository = "https://github.com/u/r.git"};
  const auto of_branch = [&](const std::string& branch) {
    model::RegistryEntry one = entry;
    one.branch = branch;
    return archive(one);
  };
  EXPECT_EQ(of_branch(""), "https://github.com/u/r/archive/refs/heads/main.zip");
  for (const char* branch : {"tip", "pizzip", "feature/x", "v1.zip"}) {
    EXPECT_EQ(of_branch(branch), fmt::format("https://github.com/u/r/archive/refs/heads/{}.zip", branch));
  }
  EXPECT_EQ(of_branch("a b"), "refused");
  EXPECT_EQ(of_branch("a%b"), "https://github.com/u/r/archive/refs/heads/a%25b.zip");
  EXPECT_EQ(of_branch("m\xc3\xa4rz"), "https://github.com/u/r/archive/refs/heads/m%C3%A4rz.zip");
  for (const char* branch : {"-x", "../../x", "/x", "x/", "a//b", "x?y", "x\ny"}) {
    EXPECT_EQ(of_branch(branch), "refused") << branch;
  }
}

TEST(WebAddress, of_an_archive_is_the_one_it_names_else_follows_from_commit_or_branch) {
  model::RegistryEntry entry{.repository = "https://host/u/r", .commit = std::string(40, 'a')};
  EXPECT_EQ(archive(entry), fmt::format("https://host/u/r/archive/{}.zip", entry.commit));
  entry.download_url = "https://other:8443/x.zip?y=1#part";
  EXPECT_EQ(archive(entry), "https://other:8443/x.zip?y=1");
  EXPECT_EQ(archive({}), "not_found");
}

// Failure F148.
TEST(WebAddress, is_https_or_file_and_nothing_that_could_be_an_option_or_a_password) {
  EXPECT_EQ(parse_web_address("https://h")->text(), "https://h/");
  EXPECT_EQ(parse_web_address("https://h:444?x")->text(), "https://h:444/?x");
  EXPECT_EQ(parse_web_address("https://[::1]:8443/x")->place(), "[::1]:8443");
  EXPECT_EQ(parse_web_address("file:///srv/plugins.json")->text(), "file:///srv/plugins.json");
  for (const char* text : {"http://h/x",
                           "ssh://h/x",
                           "ext::sh -c id",
                           "--upload-pack=x",
                           "git@h:u/r",
                           "ftp://h",
                           "x",
                           "",
                           "https://",
                           "https://u:p@h/",
                           "https://u@h/",
                           "https://-h/",
                           "https://h:0/",
                           "https://h:99999/",
                           "https://h:/",
                           "file://x",
                           "https://h/a b",
                           "https://h/a\\b",
                           "https://h/\x01",
                           "https://[::1/x",
                           "https:///x"}) {
    EXPECT_FALSE(parse_web_address(text)) << text;
  }
}

TEST(WebAddress, is_told_without_what_may_be_secret_in_it) {
  EXPECT_EQ(shown_address("https://usr:PASS@host:8443/plugins.json?token=TOKEN"), "https://host:8443/plugins.json");
  EXPECT_EQ(shown_address("https://a@b:PASS@host"), "https://host");
  EXPECT_EQ(shown_address("https://host/a@b#TOKEN"), "https://host/a@b");
  EXPECT_EQ(shown_address("file:///mnt/odd?name"), "file:///mnt/odd?name");
  EXPECT_EQ(shown_address("/srv/registry"), "/srv/registry");
  EXPECT_EQ(parse_web_address("https://usr:PASS@host/p?token=TOKEN").error().where, "https://host/p");
}

TEST(WebAddress, only_github_itself_may_see_a_token) {
  EXPECT_TRUE(parse_web_address("https://API.github.com/x")->is_github());
  EXPECT_TRUE(parse_web_address("https://raw.githubusercontent.com/x")->is_github());
  for (const char* text : {"https://github.com.evil.example/x", "https://evilgithub.com/", "https://github.com:8443/x",
                           "https://gist.github.io/", "file:///github.com/x"}) {
    EXPECT_FALSE(parse_web_address(text)->is_github()) << text;
  }
}

}  // namespace
}  // namespace trueup::store
