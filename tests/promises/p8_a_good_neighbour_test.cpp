// Promise 8: other programs write the same files at any moment; their writes are never lost, and ours change only the
// bytes that they must.
#include <filesystem>

#include "promises/promises.h"

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

struct Layout {
  std::string name;
  std::string config;  // with one plugin "clock" that is off, and `@` where its `enabled` stands
};

const std::vector<Layout> kLayouts{
    {"one line", R"({"clock":{"enabled":@},"plugin_system":{"plugins_directory":"plugin-repos"},"z":1,"a":2})"},
    {"tabs and CRLF",
     "{\r\n\t\"z\": 1.50,\r\n\t\"clock\": {\r\n\t\t\"b\": 1e3,\r\n\t\t\"enabled\": @,\r\n\t\t\"a\": [ 1,2 "
     "]\r\n\t}\r\n}\r\n"},
    {"one space, colon apart, no last line break",
     "{\n \"clock\" : {\n  \"enabled\" : @ ,\n  \"n\" : -0.0\n } ,\n \"\\u00e5\" : \"\\/\" \n}"},
    {"mixed indentation and empty lines",
     "\n\n{\n      \"clock\": {\"enabled\": @\n,\n\n   \"x\": 12345678901234567890.10},\n\"y\":   null\n\n}\n\n\n"},
    {"keys that repeat", R"({"note": 1, "clock": {"enabled": @}, "note": 2})"},
};

std::string with(const Layout& layout, const std::string& value) {
  std::string text = layout.config;
  return text.replace(text.find('@'), 1, value);
}

TEST_F(Promises, p8_a_good_neighbour_changes_only_the_bytes_of_one_value) {
  for (const Layout& layout : kLayouts) {
    SCOPED_TRACE(layout.name);
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    place.add_plugin("clock").write("config/config.json", with(layout, "false"));
    EXPECT_EQ(on_place.run({"enable", "clock"}).exit_status, 0);
    EXPECT_EQ(read_file(place.config()), with(layout, "true"));
    EXPECT_EQ(on_place.run({"disable", "clock"}).exit_status, 0);
    EXPECT_EQ(read_file(place.config()), with(layout, "false"));
  }
}

TEST_F(Promises, p8_a_good_neighbour_changes_only_the_bytes_of_one_value_by_the_rules_of_ledmatrix) {
  for (const Layout& layout : kLayouts) {
    SCOPED_TRACE(layout.name);
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    place.add_plugin("clock").record("clock", true).write("config/config.json", with(layout, "false"));
    on_place.run(under("ledmatrix", {"reconcile"}));
    EXPECT_EQ(read_file(place.config()), with(layout, "true"));
  }
}

TEST_F(Promises, p8_a_good_neighbour_adds_a_section_and_touches_nothing_else) {
  for (const Layout& layout : kLayouts) {
    for (const std::string rules : kRuleSets) {
      SCOPED_TRACE(layout.name + ", " + rules);
      Installation place;
      Trueup on_place{TRUEUP_BINARY, place};
      const std::string before = with(layout, "false");
      place.add_plugin("clock").add_plugin("fresh").write("config/config.json", before);
      on_place.run(under(rules, {"reconcile"}));
      const std::string after = read_file(place.config());
      EXPECT_EQ(json_at(after, "/fresh"), R"({"enabled":false})");
      // What was there stands around the new member, in one piece before and one behind it.
      const std::size_t added = after.size() - before.size();
      std::size_t same = 0;
      while (same < before.size() && before[same] == after[same]) ++same;
      EXPECT_EQ(after.substr(same + added), before.substr(same)) << after;
      EXPECT_EQ(after.find("\r\n") == std::string::npos, before.find("\r\n") == std::string::npos);
      // And undo takes out exactly what was added.
      EXPECT_EQ(on_place.run({"undo", "--to", "1"}).exit_status, 0);
      EXPECT_EQ(read_file(place.config()), before);
    }
  }
}

TEST_F(Promises, p8_a_good_neighbour_refuses_a_byte_order_mark_and_leaves_it) {
  const std::string marked = "\xef\xbb\xbf" + with(kLayouts.front(), "false");  // LEDMatrix itself cannot read it
  home.add_plugin("clock").write("config/config.json", marked);
  EXPECT_NE(trueup.run({"enable", "clock"}).exit_status, 0);
  EXPECT_EQ(read_file(home.config()), marked);
}

/// Another program that adds its own line to a section, `count` times, each time with a file of its own renamed over
/// config.json, as LEDMatrix and most editors save. It reads what stands there, so a lost line shows in the end.
constexpr const char* kNeighbour = R"(
import json, os, sys
path, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    with open(path) as file:
        config = json.load(file)
    config.setdefault("neighbour", {})["line%d" % number] = number
    with open(path + ".neighbour", "w") as file:
        json.dump(config, file, indent=4)
    os.rename(path + ".neighbour", path)
)";

/// Writes in place, as LEDMatrix's older versions do: only ever to add its line.
constexpr const char* kNeighbourInPlace = R"(
import sys
path, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    with open(path, "r+") as file:
        text = file.read()
        at = text.rindex("}")
        file.seek(0)
        file.write(text[:at].rstrip() + ',\n    "line%d": %d\n}' % (number, number))
        file.truncate()
)";

TEST_F(Promises, p8_a_good_neighbour_loses_no_line_of_a_program_that_writes_the_same_file_meanwhile) {
  for (const char* program : {kNeighbour, kNeighbourInPlace}) {
    Installation place;
    Trueup on_place{TRUEUP_BINARY, place};
    place.add_healthy("clock").add_healthy("news");
    place.root();
    write_file(place.root().parent_path() / "neighbour.py", program);
    constexpr int kLines = 1000;
    // Both at once: the neighbour in the background of a shell, trueup in front of it until the other has ended.
    std::string line = "python3 ../neighbour.py config/config.json " + std::to_string(kLines) + " & other=$!; ";
    line += "while kill -0 $other 2>/dev/null; do for verb in disable enable; do";
    for (const std::string& word : on_place.command({})) line += " '" + word + "'";
    line += " $verb clock >/dev/null 2>&1; done; done; wait $other";
    CommandOptions options;
    options.directory = place.root();
    const CommandResult ran = run_command({"bash", "-c", line}, options);
    ASSERT_EQ(ran.exit_status, 0) << ran.errors;
    const std::string config = read_file(place.config());
    int lost = 0;
    for (int number = 0; number < kLines; ++number) {
      const std::string name = "line" + std::to_string(number);
      const bool there = json_at(config, "/neighbour/" + name) || json_at(config, "/" + name);
      lost += there || files_containing(place.root() / ".trueup", "\"" + name + "\"").size() > 0 ? 0 : 1;
    }
    EXPECT_EQ(lost, 0) << "lines of the other program are nowhere";
  }
}

TEST_F(Promises, p8_a_good_neighbour_keeps_links_modes_and_unknown_keys) {
  home.add_plugin("clock").set_section("clock", R"({"enabled":false,"_comment":"mine","future":{"a":[1,null]}})");
  home.root();
  const fs::path real = home.root().parent_path() / "boot/config.json";
  write_file(real, read_file(home.config()));
  fs::remove(home.config());
  fs::create_symlink(real, home.config());
  fs::permissions(real, fs::perms(0664));
  EXPECT_EQ(trueup.run({"enable", "clock"}).exit_status, 0);
  EXPECT_TRUE(fs::is_symlink(home.config()));
  EXPECT_EQ(json_at(read_file(real), "/clock"), R"({"_comment":"mine","enabled":true,"future":{"a":[1,null]}})");
  EXPECT_EQ(fs::status(real).permissions(), fs::perms(0664));
}

}  // namespace
}  // namespace trueup::test
