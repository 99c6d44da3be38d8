#include "fetch/archive_path.h"

#include <gtest/gtest.h>

namespace trueup::fetch {
namespace {

std::string cleaned(std::string_view name) {
  const auto path = clean_path(name);
  return path ? *path : "refused";
}

// Failure F145.
TEST(ArchivePath, that_leads_out_or_could_be_read_as_something_else_is_refused) {
  for (const char* name : {"../../config/config.json", "/abs", "C:\\x", "C:x", "a\\..\\..\\b", "./../x", "a/../../b",
                           "a/..", "..", "a\nb", "a\x1b[2Jb", "a\x7f", "\xc2\x85", "\xff", "a/\xed\xa0\x80"}) {
    EXPECT_EQ(cleaned(name), "refused") << name;
  }
  EXPECT_EQ(cleaned(std::string(4096, 'a')), "refused");
  EXPECT_EQ(cleaned(std::string(256, 'a')), "refused");
}

TEST(ArchivePath, is_the_same_however_its_slashes_are_written) {
  EXPECT_EQ(cleaned("a/b"), "a/b");
  EXPECT_EQ(cleaned("./a//b/./"), "a/b");
  EXPECT_EQ(cleaned("./"), "");
  EXPECT_EQ(cleaned("..a/b.."), "..a/b..");
  EXPECT_EQ(cleaned("m\xc3\xa4rz"), "m\xc3\xa4rz");
}

std::string root_of(const std::vector<ListedEntry>& entries, std::string_view folder = "") {
  const auto root = plugin_root(entries, folder);
  return root ? "'" + *root + "'" : root.error().message;
}

// Failure F126.
TEST(ArchivePath, the_plugin_is_where_its_manifest_is_and_nowhere_else) {
  EXPECT_EQ(root_of({{"manifest.json", true}, {"x.py", true}}), "''");
  EXPECT_EQ(root_of({{"repo-main", false}, {"repo-main/manifest.json", true}}), "'repo-main'");
  EXPECT_EQ(root_of({{"repo/manifest.json", true}, {"repo-evil/x", true}}),
            "the archive has no manifest.json at its top");
  EXPECT_EQ(root_of({{"a/b/manifest.json", true}}), "the archive has no manifest.json at its top");
  EXPECT_EQ(root_of({{"a", false}, {"a/manifest.json", false}}), "the archive has no manifest.json at its top");
  EXPECT_EQ(root_of({}), "the archive is empty");
  const std::vector<ListedEntry> monorepo{{"repo/plugins/clock/manifest.json", true}, {"repo/README.md", true}};
  for (const char* folder : {"plugins/clock", "plugins/clock/", "./plugins/clock", "plugins//clock"}) {
    EXPECT_EQ(root_of(monorepo, folder), "'repo/plugins/clock'") << folder;
  }
  EXPECT_EQ(root_of(monorepo, "plugins/weather"), "the archive has no manifest.json in its folder 'plugins/weather'");
  EXPECT_EQ(root_of(monorepo, "../clock"), "the archive holds a name that leads out of it");
  EXPECT_EQ(root_of({{"plugins/clock/manifest.json", true}, {"x", true}}, "plugins/clock"), "'plugins/clock'");
}

TEST(ArchivePath, a_longer_name_is_not_below_a_shorter_one) {
  EXPECT_EQ(below("root/a/b", "root"), "a/b");
  EXPECT_EQ(below("root-evil/a", "root"), "");
  EXPECT_EQ(below("root", "root"), "");
  EXPECT_EQ(below("a", ""), "a");
}

}  // namespace
}  // namespace trueup::fetch
