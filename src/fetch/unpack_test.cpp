#include "fetch/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include "base/limits.h"
#include "platform/memory_file_system.h"
#include "platform/tree.h"
#include "support/zip.h"

namespace trueup::fetch {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Entry {
  std::string name;
  std::string bytes = {};
  unsigned kind = AE_IFREG;
  unsigned mode = 0644;
  std::string link = {};       // of a link
  std::string hard_link = {};  // likewise
};

/// A tar with whatever it is told, gzipped.
std::string tar_of(const std::vector<Entry>& entries) {
  std::string out(8U << 20U, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const Entry& one : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, one.name.c_str());
    archive_entry_set_filetype(entry, one.kind);
    archive_entry_set_perm(entry, static_cast<mode_t>(one.mode));
    archive_entry_set_size(entry, static_cast<la_int64_t>(one.bytes.size()));
    if (!one.link.empty()) archive_entry_set_symlink(entry, one.link.c_str());
    if (!one.hard_link.empty()) archive_entry_set_hardlink(entry, one.hard_link.c_str());
    EXPECT_GE(archive_write_header(writer, entry), ARCHIVE_WARN) << archive_error_string(writer);
    archive_write_data(writer, one.bytes.data(), one.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

class Unpack : public testing::Test {
 protected:
  Unpack() { start_anew(); }

  Result<Unpacked> unpack(const std::string& bytes, const store::UnpackRequest& request = {}) {
    return fetch::unpack(in_memory(bytes), request, *into_);
  }
  std::string why_not(const std::string& bytes, const store::UnpackRequest& request = {}) {
    const auto unpacked = unpack(bytes, request);
    return unpacked ? "it was unpacked" : unpacked.error().message;
  }
  std::vector<std::string> paths() {
    std::vector<std::string> paths;
    const auto entries = platform::list_tree(*into_).value();
    for (const auto& entry : entries) paths.push_back(entry.path);
    return paths;
  }

  void start_anew() {
    const std::string path = "/into-" + std::to_string(++number_);
    disk_.put_directory(path);
    into_ = disk_.open_root(path).value();
  }

  platform::MemoryFileSystem disk_;
  std::unique_ptr<platform::WritableDirectory> into_;
  int number_ = 0;
};

TEST_F(Unpack, takes_files_and_directories_and_of_the_mode_one_bit) {
  const auto unpacked = unpack(tar_of({{"repo", {}, AE_IFDIR, 0700},
                                       {"repo/manifest.json", "{}", AE_IFREG, 0600},
                                       {"repo/run.sh", "#!", AE_IFREG, 06711},
                                       {"repo/a/b/c.txt", "c"},
                                       {"repo/.trueup-receipt.json", "a lie"}}));
  ASSERT_TRUE(unpacked) << unpacked.error().text();
  EXPECT_THAT(paths(), ElementsAre("a", "a/b", "a/b/c.txt", "manifest.json", "run.sh"));
  EXPECT_EQ(into_->info("manifest.json", platform::Links::refuse)->mode, 0644U);
  EXPECT_EQ(into_->info("run.sh", platform::Links::refuse)->mode, 0755U);
  EXPECT_EQ(store::tree_digest(unpacked->files), store::tree_digest(store::hash_tree(*into_).value()));
}

TEST_F(Unpack, takes_the_same_out_of_a_zip_and_large_files_whole) {
  const std::string large(3U << 20U, 'l');
  ASSERT_TRUE(unpack(test::zip_of({{"manifest.json", "{}"}, {"large", large}})));
  EXPECT_EQ(into_->read("large", large.size(), platform::Links::refuse)->bytes, large);
}

// Failures F145 and F147: the whole archive, and before anything is written.
TEST_F(Unpack, refuses_all_of_an_archive_that_holds_one_name_that_leads_out) {
  for (const char* name : {"../../config/config.json", "/abs", "C:\\x", "a\\..\\..\\b", "./../x", "plugin/../../x"}) {
    EXPECT_THAT(why_not(test::zip_of({{"plugin/manifest.json", "{}"}, {name, "evil"}})), HasSubstr("name")) << name;
    EXPECT_THAT(paths(), IsEmpty()) << name;
  }
}

TEST_F(Unpack, refuses_links_devices_and_what_else_is_no_file) {
  const Entry manifest{"p/manifest.json", "{}"};
  EXPECT_THAT(why_not(tar_of({manifest, {"p/x", {}, AE_IFLNK, 0777, "/etc/passwd"}})), HasSubstr("link"));
  start_anew();
  EXPECT_THAT(why_not(test::zip_of({{"manifest.json", "{}"}, {"x", "/etc/passwd", 0120777}})), HasSubstr("link"));
  start_anew();
  EXPECT_THAT(why_not(tar_of({{"p/m", "x"}, {"p/manifest.json", "{}"}, {"p/x", {}, AE_IFREG, 0644, {}, "p/m"}})),
              HasSubstr("link"));
  start_anew();
  EXPECT_THAT(why_not(tar_of({{"p/x", {}, AE_IFIFO}, manifest})), HasSubstr("device, pipe or socket"));
  start_anew();
  EXPECT_THAT(why_not(tar_of({{"p/x", {}, AE_IFCHR}, manifest})), HasSubstr("device, pipe or socket"));
  start_anew();
  EXPECT_THAT(why_not(test::zip_of({{".git/config", "[core]"}, {"manifest.json", "{}"}})), HasSubstr("git"));
}

TEST_F(Unpack, a_fault_in_a_neighbours_folder_spoils_nothing) {
  const auto unpacked = unpack(tar_of({{"repo/plugins/clock/manifest.json", "{}"},
                                       {"repo/plugins/other/link", {}, AE_IFLNK, 0777, "manifest.json"}}),
                               {.folder = "plugins/clock"});
  EXPECT_TRUE(unpacked) << unpacked.error().text();
}

// Failure F126.
TEST_F(Unpack, finds_the_promised_folder_or_says_that_it_is_not_there) {
  EXPECT_THAT(why_not(test::zip_of({})), HasSubstr("is none"));
  EXPECT_THAT(why_not(test::zip_of({{"a/", "", 0040755}})), HasSubstr("no manifest.json"));
  EXPECT_THAT(why_not(test::zip_of({{"a/manifest.json", "{}"}, {"b/manifest.json", "{}"}})),
              HasSubstr("no manifest.json"));
  EXPECT_THAT(why_not(test::zip_of({{"r/plugins/x/manifest.json", "{}"}}), {.folder = "plugins/y"}),
              HasSubstr("in its folder 'plugins/y'"));
  EXPECT_THAT(paths(), IsEmpty());
}

// Failure F147.
TEST_F(Unpack, stops_at_its_limits) {
  const auto refused = [&](const std::string& bytes, const store::UnpackRequest& request, const char* why) {
    start_anew();
    EXPECT_THAT(why_not(bytes, request), HasSubstr(why));
  };
  std::vector<Entry> many{{"manifest.json", "{}"}};
  for (int i = 0; i < 20; ++i) many.push_back({"f" + std::to_string(i), "x"});
  refused(tar_of(many), {.most_files = 10}, "more than 10 files");
  refused(tar_of({{"manifest.json", "{}"}, {"a/b/c/d", "x"}}), {.most_depth = 3}, "levels deep");
  refused(tar_of({{"manifest.json", "{}"}, {"x", std::string(5000, 'x')}}), {.most_bytes = 4000}, "larger");
  refused(tar_of({{"manifest.json", "{}"}, {"x", std::string(5000, 'x')}}), {.most_file_bytes = 4000}, "larger");
  refused(tar_of({{"manifest.json", "{}"}, {"bomb", std::string(64U << 20U, '\0')}}), {}, "made to fill a disk");
  refused(test::zip_of({{"manifest.json", "{}"}, {"x", "1"}, {"x", "2"}}), {}, "twice");
  refused(test::zip_of({{"manifest.json", "{}"}, {"x", "1"}, {"x/y", "2"}}), {}, "as file and as directory");
  refused(test::zip_of({{"manifest.json", "{}"}, {std::string(4096, 'n'), "1"}}), {}, "too long");
}

TEST_F(Unpack, F147_refuses_all_of_an_archive_in_which_names_differ_only_by_case) {
  const auto refused = [&](const std::vector<std::string>& names, const char* first) {
    std::vector<Entry> in_tar{{"manifest.json", "{}"}};
    std::vector<test::ZipEntry> in_zip{{"manifest.json", "{}"}};
    for (const std::string& name : names) {
      in_tar.push_back({name, name});
      in_zip.push_back({name, name});
    }
    for (const std::string& bytes : {tar_of(in_tar), test::zip_of(in_zip)}) {
      start_anew();
      EXPECT_THAT(why_not(bytes), AllOf(HasSubstr("twice, but for capital letters"), HasSubstr(first))) << first;
    }
  };
  refused({"clock.py", "Clock.py"}, "clock.py");
  refused({"Manifest.JSON"}, "manifest.json");
  refused({"lib/a.py", "LIB/b.py"}, "lib");
  refused({"lib/a.py", "Lib"}, "lib");
  refused({"Lib", "lib/a.py"}, "Lib");
  const std::vector<std::string> apart{"a.py", "A_.py", "b/a.py", "b/b/a.py"};
  std::vector<Entry> in_tar{{"manifest.json", "{}"}};
  for (const std::string& name : apart) in_tar.push_back({name, "x"});
  start_anew();
  EXPECT_EQ(why_not(tar_of(in_tar)), "it was unpacked");
  start_anew();
  EXPECT_EQ(why_not(tar_of({{"repo/plugins/a/manifest.json", "{}"}, {"repo/Plugins/b", "x"}, {"repo/plugins/B", "x"}}),
                    {.folder = "plugins/a"}),
            "it was unpacked")
      << "what is not of the plugin is not written";
}

// Failure F125: wherever it was damaged, nothing that is not what was packed comes out as good.
TEST_F(Unpack, gives_no_damaged_archive_out_as_good) {
  const std::string good = test::zip_of({{"manifest.json", R"({"id": "clock"})"}, {"clock.py", std::string(400, 'c')}});
  int accepted = 0;
  for (std::size_t at = 0; at < good.size(); at += 7) {
    platform::MemoryFileSystem disk;
    disk.put_directory("/into");
    const auto into = disk.open_root("/into").value();
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto unpacked = fetch::unpack(in_memory(damaged), {}, *into);
    if (!unpacked) continue;
    // Only what no check covers may differ: a name's spelling, a mode, a date.
    ++accepted;
    for (const store::TreeFile& file : unpacked->files) EXPECT_TRUE(file.size == 400 || file.size == 15) << at;
  }
  EXPECT_LT(accepted, 40);
  for (std::size_t length = 0; length < good.size(); length += 11) {
    platform::MemoryFileSystem disk;
    disk.put_directory("/into");
    const auto into = disk.open_root("/into").value();
    EXPECT_FALSE(fetch::unpack(in_memory(std::string_view(good).substr(0, length)), {}, *into)) << length;
  }
}

}  // namespace
}  // namespace trueup::fetch
