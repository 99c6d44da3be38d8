#include "sources/plugin_check.h"

#include <gmock/gmock.h>

#include "platform/memory_file_system.h"

namespace trueup::sources {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kManifest = R"({
  "id": "clock", "name": "Clock", "version": "1.2.0",
  "class_name": "Clock", "entry_point": "manager.py",
  "display_modes": ["clock"], "min_ledmatrix_version": "2.0.0"
})";

PluginFiles good() {
  return {.directory_name = "clock",
          .manifest = kManifest,
          .schema = R"({"type": "object", "properties": {"size": {"type": "integer", "default": 3}}})",
          .entry = "class Clock:\n    pass\n",
          .named = {{.path = "manager.py", .problem = ""}}};
}

/// "file:line:column (weight) says" of the only remark.
std::string only_remark(const PluginFiles& files) {
  const auto remarks = check_plugin(files);
  EXPECT_THAT(remarks, SizeIs(1));
  if (remarks.empty()) return "";
  const Remark& one = remarks.front();
  return one.file + ":" + std::to_string(one.line) + ":" + std::to_string(one.column) +
         (one.weight == Remark::Weight::problem ? " problem " : " advice ") + one.says;
}

PluginFiles with_manifest(const std::string& before, const std::string& after) {
  PluginFiles files = good();
  files.manifest->replace(files.manifest->find(before), before.size(), after);
  return files;
}

TEST(PluginCheck, has_nothing_to_say_of_a_sound_plugin) { EXPECT_THAT(check_plugin(good()), IsEmpty()); }

TEST(PluginCheck, names_the_place_of_what_is_wrong_in_the_manifest) {
  EXPECT_THAT(only_remark(with_manifest(R"("min_ledmatrix_version": "2.0.0")", R"("min_ledmatrix_version": "new")")),
              HasSubstr("manifest.json:4:"));
  EXPECT_THAT(only_remark(with_manifest(R"(["clock"])", R"(["clock", " CLOCK"])")),
              HasSubstr("manifest.json:4:30 advice the display mode  CLOCK stands in the list twice"));
  EXPECT_THAT(only_remark(with_manifest(R"(["clock"])", R"(["clock", ""])")),
              HasSubstr("a display mode without a name"));
  EXPECT_THAT(only_remark(with_manifest(R"("id": "clock")", R"("id": "watch")")),
              HasSubstr("the directory is called clock"));
  EXPECT_THAT(only_remark(with_manifest(R"("name": "Clock", )", "")), HasSubstr("`name` is missing"));
}

TEST(PluginCheck, a_cut_off_manifest_is_told_with_the_place_where_it_ends) {
  PluginFiles files = good();
  files.manifest->resize(70);
  EXPECT_THAT(only_remark(files), HasSubstr("manifest.json:3:"));
}

TEST(PluginCheck, wants_the_code_to_define_the_class_that_the_manifest_names) {
  PluginFiles files = good();
  files.entry = "class Watch:\n    pass\n";
  EXPECT_THAT(only_remark(files), HasSubstr("manager.py does not define the class Clock"));
  files = good();
  files.named = {{.path = "manager.py", .problem = "there is no such file"}};
  EXPECT_THAT(only_remark(files), HasSubstr("it names manager.py, and there is no such file"));
}

TEST(PluginCheck, says_that_nothing_is_there_and_that_links_are_not_delivered) {
  EXPECT_THAT(check_plugin({.schema = "{}"}), SizeIs(1));
  PluginFiles files = good();
  files.links = {"fonts"};
  EXPECT_THAT(only_remark(files), HasSubstr("fonts:0:0 problem it is a link"));
  files = good();
  files.schema.reset();
  EXPECT_THAT(only_remark(files), HasSubstr("config_schema.json:0:0 advice it is missing"));
}

TEST(PluginCheck, reads_the_files_of_a_directory_and_nothing_outside_of_it) {
  platform::MemoryFileSystem disk;
  disk.put_file("/plugin/manifest.json", R"({"id": "p", "class_name": "P", "entry_point": "../secret.py"})");
  disk.put_file("/secret.py", "class P:\n");
  const auto root = disk.open_root_for_reading("/plugin");
  ASSERT_TRUE(root);
  const auto files = read_plugin_files(**root, "p");
  ASSERT_TRUE(files) << files.error().text();
  EXPECT_FALSE(files->entry);
  ASSERT_THAT(files->named, SizeIs(1));
  EXPECT_THAT(files->named[0].problem, HasSubstr("outside of the plugin"));
}

}  // namespace
}  // namespace trueup::sources
