// The pictures that the owner uploaded for a plugin: shown and listed, whoever wrote what lies beside them.
#include <gmock/gmock.h>

#include <set>

#include "cli/web_test_support.h"
#include "json/write.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebUploads : public WebTest {
 protected:
  WebUploads() {
    add_plugin("frame");
    configure({{"frame", R"({"enabled": true})"}});
    write("config/config_secrets.json", R"({"frame": {"api_key": "canary"}})", 0600);
    write("assets/plugins/frame/uploads/b.png", "PNG");
    write("assets/plugins/frame/uploads/a.JPG", "JPEG");
  }
  static constexpr const char* kPng = "\x89PNG\r\n\x1a\nboat";
  struct File {
    std::string name;
    std::string bytes;
    std::string type = "image/png";
    std::string field = "files";
  };
  static std::string form(const std::string& plugin_id, const std::vector<File>& files) {
    std::string body = "--xyz\r\nContent-Disposition: form-data; name=\"plugin_id\"\r\n\r\n" + plugin_id;
    for (const File& one : files) {
      body += "\r\n--xyz\r\nContent-Disposition: form-data; name=\"" + one.field + "\"; filename=\"" + one.name +
              "\"\r\nContent-Type: " + one.type + "\r\n\r\n" + one.bytes;
    }
    return body + "\r\n--xyz--\r\n";
  }
  Response send(const std::string& body, const std::string& type = "multipart/form-data; boundary=xyz") {
    return ask(request(Method::post, "/api/v3/plugins/assets/upload", body, {{"content-type", type}}));
  }
  Response upload(const std::vector<File>& files, const std::string& plugin_id = "frame") {
    return send(form(plugin_id, files));
  }
  Response remove(const std::string& image, const std::string& plugin_id = "frame") {
    return post("/api/v3/plugins/assets/delete",
                fmt::format(R"({{"plugin_id": {}, "image_id": {}}})", json::quote(plugin_id), json::quote(image)));
  }
  static std::string text_at(const Response& response, const std::vector<std::string>& path) {
    const std::string text = json_at(response, path);
    return text.size() < 2 ? text : text.substr(1, text.size() - 2);
  }
  static constexpr const char* kUploads = "assets/plugins/frame/uploads/";
  std::string notes() { return read(kUploads + std::string(".metadata.json")); }
  /// What was sent and waits for nothing any more lies nowhere.
  bool nothing_waits() {
    for (const auto& [name, bytes] : disk.files()) {
      if (name.find("/incoming/") != std::string::npos) return false;
    }
    return true;
  }
  std::string listed() { return get("/api/v3/plugins/assets/list?plugin_id=frame").body; }
};

TEST_F(WebUploads, each_picture_is_listed_with_what_ledmatrix_noted_of_it_and_can_be_shown) {
  write("assets/plugins/frame/uploads/.metadata.json",
        R"({"4711": {"filename": "b.png", "original_filename": "boat.png", "uploaded_at": "2026-01-02T03:04:05"}})");
  const Response list = get("/api/v3/plugins/assets/list?plugin_id=frame");
  EXPECT_EQ(json_at(list, {"data", "assets", "0", "filename"}), "\"a.JPG\"");
  EXPECT_EQ(json_at(list, {"data", "assets", "0", "id"}), "\"a\"");
  EXPECT_EQ(json_at(list, {"data", "assets", "1", "id"}), "\"4711\"");
  EXPECT_EQ(json_at(list, {"data", "assets", "1", "path"}), "\"assets/plugins/frame/uploads/b.png\"");
  EXPECT_EQ(json_at(list, {"data", "assets", "1", "original_filename"}), "\"boat.png\"");
  EXPECT_EQ(json_at(list, {"data", "assets", "1", "size"}), "3");
  EXPECT_EQ(json_at(get("/api/v3/plugins/assets/list?plugin_id=none"), {"data", "assets"}), "[]");
  const Response shown = get("/assets/plugins/frame/uploads/b.png");
  EXPECT_EQ(shown.body, "PNG");
  EXPECT_EQ(shown.content_type, "image/png");
  EXPECT_THAT(std::string(shown.header("content-security-policy").value_or("")), HasSubstr("sandbox"));
}

TEST_F(WebUploads, F144_nothing_but_pictures_of_that_plugin_is_given_out) {
  write("assets/plugins/frame/uploads/.metadata.json",
        R"({"1": {"filename": "../../../../config/config.json"}, "2": 7})");
  write("assets/plugins/frame/uploads/page.html", "canary");
  write("assets/plugins/frame/uploads/.hidden.png", "canary");
  disk.put_link(path("assets/plugins/frame/uploads/link.png"), path("config/config_secrets.json"));
  disk.put_directory(path("assets/plugins/frame/uploads/folder.png"));
  EXPECT_EQ(json_at(get("/api/v3/plugins/assets/list?plugin_id=frame"), {"data", "assets", "2"}), "(not there)");
  for (const char* name : {"link.png", "page.html", ".hidden.png", ".metadata.json", "folder.png", "none.png"}) {
    const Response answer = get(std::string("/assets/plugins/frame/uploads/") + name);
    EXPECT_EQ(answer.status, 404) << name;
    EXPECT_THAT(answer.body, Not(HasSubstr("canary"))) << name;
  }
  for (const char* target : {"/assets/plugins/..%2f..%2fconfig/uploads/a.png",
                             "/assets/plugins/frame/uploads/..%2fa.png", "/assets/plugins/%2e%2e/uploads/a.png"}) {
    EXPECT_FALSE(web::parse_target(target)) << target;
  }
  EXPECT_EQ(get("/api/v3/plugins/assets/list?plugin_id=..").status, 400);
  EXPECT_EQ(get("/api/v3/plugins/assets/list").status, 400);
}

TEST_F(WebUploads, F144_a_folder_that_is_a_link_is_not_followed) {
  disk.put_directory(path("assets/plugins"));
  disk.put_link(path("assets/plugins/other"), path("assets/plugins/frame"));
  EXPECT_EQ(get("/assets/plugins/other/uploads/b.png").status, 404);
  EXPECT_THAT(get("/api/v3/plugins/assets/list?plugin_id=other").body, Not(HasSubstr("b.png")));
}

TEST_F(WebUploads, F144_metadata_that_say_nothing_hide_no_picture) {
  for (const char* bytes : {"", "{ broken", "[]", R"({"a": {"filename": 7}})"}) {
    write("assets/plugins/frame/uploads/.metadata.json", bytes);
    EXPECT_THAT(listed(), testing::AllOf(HasSubstr("a.JPG"), HasSubstr("b.png"))) << bytes;
  }
}

TEST_F(WebUploads, what_is_uploaded_is_stored_noted_as_ledmatrix_does_listed_and_shown_and_one_undo_takes_it_back) {
  const auto before = theirs(disk);
  const Response done = upload({{"boat.png", kPng}, {"Lake View.GIF", "GIF89a...", "image/gif"}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_at(done, {"status"}), "\"success\"");
  EXPECT_EQ(json_at(done, {"total_files"}), "4");
  const std::string id = text_at(done, {"uploaded_files", "0", "id"});
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(text_at(done, {"uploaded_files", "0", "filename"}), id + ".png");
  EXPECT_EQ(text_at(done, {"uploaded_files", "0", "path"}), kUploads + id + ".png");
  EXPECT_EQ(json_at(done, {"uploaded_files", "0", "size"}), "12");
  EXPECT_EQ(json_at(done, {"uploaded_files", "0", "original_filename"}), "\"boat.png\"");
  EXPECT_THAT(text_at(done, {"uploaded_files", "0", "uploaded_at"}), testing::EndsWith("Z"));
  EXPECT_THAT(text_at(done, {"uploaded_files", "1", "filename"}), testing::EndsWith(".gif"));
  EXPECT_EQ(read(kUploads + id + ".png"), kPng);
  EXPECT_EQ(get("/assets/plugins/frame/uploads/" + id + ".png").body, kPng);
  const auto noted = json::Document::parse(notes(), json::Dialect::strict);
  ASSERT_TRUE(noted) << notes();
  ASSERT_TRUE(noted->root().find(id));
  EXPECT_EQ(noted->root().find(id)->find("original_filename")->string(), "boat.png");
  EXPECT_THAT(listed(), testing::AllOf(HasSubstr(id), HasSubstr("Lake View.GIF")));
  EXPECT_TRUE(nothing_waits());
  const Response undone = post("/api/trueup/v1/undo", "{}");
  EXPECT_EQ(undone.status, 200) << undone.body;
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(read(".trueup/pictures/1-" + id + ".png"), kPng) << "what somebody sent is kept";
}

TEST_F(WebUploads, a_deleted_picture_is_kept_and_one_undo_brings_it_and_its_note_back) {
  const std::string note = R"({"filename": "b.png", "original_filename": "boat.png", "mine": [1.0]})";
  write("assets/plugins/frame/uploads/.metadata.json", R"({"other": {"x": 1e0}, "4711": )" + note + "}");
  const auto before = theirs(disk);
  EXPECT_EQ(remove("none").status, 404);
  EXPECT_EQ(theirs(disk), before);
  const Response done = remove("4711");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_at(done, {"status"}), "\"success\"");
  EXPECT_EQ(read("assets/plugins/frame/uploads/b.png"), "(not there)");
  EXPECT_EQ(notes(), R"({"other": {"x": 1e0}})");
  EXPECT_EQ(read(".trueup/pictures/1-b.png"), "PNG");
  EXPECT_EQ(remove("4711").status, 404);
  EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(remove("a.JPG").status, 200) << "one that nothing is noted of goes by its name";
  EXPECT_EQ(read("assets/plugins/frame/uploads/a.JPG"), "(not there)");
}

TEST_F(WebUploads, two_of_one_name_that_were_deleted_after_each_other_are_both_kept) {
  ASSERT_EQ(remove("b.png").status, 200);
  write("assets/plugins/frame/uploads/b.png", "another");
  const Response done = remove("b.png");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(read(".trueup/pictures/1-b.png"), "PNG");
  EXPECT_EQ(read(".trueup/pictures/2-b.png"), "another");
  EXPECT_EQ(post("/api/trueup/v1/undo", "{}").status, 200);
  EXPECT_EQ(read("assets/plugins/frame/uploads/b.png"), "another");
}

TEST_F(WebUploads, a_picture_whose_file_has_gone_is_forgotten_where_it_is_noted) {
  write("assets/plugins/frame/uploads/.metadata.json", R"({"gone": {"filename": "gone.png"}, "x": 1})");
  EXPECT_EQ(remove("gone").status, 200);
  EXPECT_EQ(notes(), R"({"x": 1})");
}

TEST_F(WebUploads, F144_no_picture_no_plugin_and_no_name_that_is_a_path_is_taken_and_nothing_changes) {
  const auto before = theirs(disk);
  const File good{"boat.png", kPng};
  const std::string too_large = kPng + std::string(5U << 20U, 'x');
  struct Case {
    int status;
    Response answer;
  };
  const std::vector<Case> cases{
      {400, upload({good}, "../../config")},
      {400, upload({good}, "display")},
      {400, upload({good}, "")},
      {404, upload({good}, "nobody")},
      {400, upload({{"../../x.png", kPng}})},
      {400, upload({{"..\\\\x.png", kPng}})},
      {400, upload({{"/etc/x.png", kPng}})},
      {400, upload({{".hidden.png", kPng}})},
      {400, upload({{std::string("a.png\0.sh", 9), kPng}})},
      {400, upload({{"a\x1b[2J.png", kPng}})},
      {400, upload({{"\xff\xfe.png", kPng}})},
      {400, upload({{std::string(300, 'x') + ".png", kPng}})},
      {400, upload({{"run.sh", "#!/bin/sh"}})},
      {400, upload({{"page.svg", "<svg onload=alert(1)>", "image/svg+xml"}})},
      {400, upload({{"boat.jpg", kPng}})},
      {400, upload({{"boat.png", "<script>"}})},
      {400, upload({{"boat.png", ""}})},
      {400, upload({good, {"boat.bmp", "no"}})},
      {415, upload({{"boat.png", kPng, "text/html"}})},
      {413, upload({{"boat.png", too_large}})},
      {400, upload({})},
      {400, upload(std::vector<File>(11, good))},
      {400, upload({{"boat.png", kPng, "image/png", "other"}})},
      {415, send(R"({"plugin_id": "frame"})", "application/json")},
      {415, send("plugin_id=frame", "application/x-www-form-urlencoded")},
      {400, send(form("frame", {good}), "multipart/form-data")},
      {400, send(form("frame", {good}), "multipart/form-data; boundary=abc")},
      {400, send(form("frame", {good}).substr(0, 180))},
      {400, send("--xyz\r\n\r\nx\r\n--xyz--")},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(cases[i].answer.status, cases[i].status) << i << ": " << cases[i].answer.body;
    EXPECT_EQ(json_at(cases[i].answer, {"status"}), "\"error\"") << i;
  }
  for (const char* id : {"../b", "..", "b/../../x", "-rf", "[x]", "", ".metadata.json", "a\nb"}) {
    EXPECT_EQ(remove(id).status, 400) << id;
  }
  EXPECT_EQ(remove("b", "../../config").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/assets/delete", "{}").status, 400);
  EXPECT_EQ(post("/api/v3/plugins/assets/delete", R"({"plugin_id": "frame", "image_id": 7})").status, 400);
  EXPECT_EQ(ask(request(Method::post, "/api/v3/plugins/assets/delete", "a=b", {{"content-type", "text/plain"}})).status,
            415);
  EXPECT_EQ(get("/api/v3/plugins/assets/upload").status, 405);
  EXPECT_EQ(theirs(disk), before);
  EXPECT_TRUE(nothing_waits());
}

TEST_F(WebUploads, F144_a_name_with_markup_stays_a_name) {
  ASSERT_EQ(upload({{"<img src=x onerror=alert(1)>.png", kPng}}).status, 200);
  EXPECT_THAT(listed(), HasSubstr("onerror"));
  write("plugin-repos/frame/config_schema.json", R"({"type": "object", "properties": {
      "picture": {"type": "string", "x-widget": "file-upload"}}})");
  EXPECT_THAT(get("/plugins/frame/settings").body, Not(HasSubstr("<img")));
}

TEST_F(WebUploads, F144_a_link_on_the_way_is_never_passed) {
  disk.put_directory(path("assets/plugins/linked"));
  disk.put_directory(path("elsewhere"));
  disk.put_link(path("assets/plugins/linked/uploads"), path("elsewhere"));
  add_plugin("linked");
  add_plugin("other");
  disk.put_link(path("assets/plugins/other"), path("assets/plugins/frame"));
  configure({{"frame", R"({"enabled": true})"}, {"linked", R"({"enabled": true})"}, {"other", R"({"enabled": true})"}});
  const auto before = theirs(disk);
  for (const char* id : {"linked", "other"}) {
    const Response refused = upload({{"boat.png", kPng}}, id);
    EXPECT_GE(refused.status, 400) << id;
    EXPECT_LT(refused.status, 500) << refused.body;
    EXPECT_GE(remove("b.png", id).status, 400) << id;
  }
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(WebUploads, what_ledmatrix_notes_is_never_thrown_away_because_it_cannot_be_read) {
  for (const char* bytes : {"{ broken", "[]", ""}) {
    write("assets/plugins/frame/uploads/.metadata.json", bytes);
    const auto before = theirs(disk);
    const Response refused = upload({{"boat.png", kPng}});
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_THAT(refused.body, HasSubstr("move that file away"));
    EXPECT_EQ(remove("b.png").status, 503);
    EXPECT_EQ(theirs(disk), before);
  }
}

TEST_F(WebUploads, a_plugins_schema_may_allow_less_and_never_more) {
  write("plugin-repos/frame/config_schema.json", R"({"type": "object", "properties": {"more": {"type": "object",
      "properties": {"picture": {"type": "array", "x-widget": "file-upload", "x-upload-config": {
          "max_files": 3, "max_size_mb": 0.0001, "allowed_types": ["image/png"]}}}}}})");
  const auto before = theirs(disk);
  EXPECT_EQ(upload({{"boat.gif", "GIF89a"}}).status, 400);
  EXPECT_EQ(upload({{"boat.png", kPng + std::string(200, 'x')}}).status, 413);
  EXPECT_EQ(upload({{"one.png", kPng}, {"two.png", kPng}}).status, 400) << "two are there already";
  EXPECT_EQ(theirs(disk), before);
  EXPECT_EQ(upload({{"one.png", kPng}}).status, 200);
  EXPECT_EQ(upload({{"two.png", kPng}}).status, 400);
  write("plugin-repos/frame/config_schema.json", R"({"type": "object", "properties": {
      "picture": {"type": "string", "x-widget": "file-upload", "x-upload-config": {
          "max_files": 1e9, "max_size_mb": 1e300, "allowed_types": ["text/html", 7]}}}})");
  EXPECT_EQ(upload({{"boat.png", kPng + std::string(5U << 20U, 'x')}}).status, 413);
  EXPECT_EQ(upload({{"page.html", "<p>", "image/png"}}).status, 400);
}

TEST_F(WebUploads, where_the_schema_says_nothing_or_cannot_be_read_ledmatrixs_own_limits_hold) {
  const std::vector<std::string> schemas{"", "{ broken", "[7]", R"({"type": "object", "properties": 7})"};
  for (const std::string& schema : schemas) {
    if (!schema.empty()) write("plugin-repos/frame/config_schema.json", schema);
    const auto before = theirs(disk);
    EXPECT_EQ(upload({{"boat.png", kPng + std::string(5U << 20U, 'x')}}).status, 413) << schema;
    EXPECT_EQ(upload(std::vector<File>(11, {"boat.png", kPng})).status, 400) << schema;
    EXPECT_EQ(upload({{"run.sh", "#!/bin/sh"}}).status, 400) << schema;
    EXPECT_EQ(theirs(disk), before) << schema;
    EXPECT_EQ(upload({{"boat.png", kPng}}).status, 200) << schema;
  }
}

TEST_F(WebUploads, beyond_a_limit_the_oldest_pictures_go_that_were_taken_away_and_never_one_that_undo_needs) {
  const auto aside = [this] {
    std::set<std::string> names;
    for (const auto& [name, bytes] : disk.files()) {
      if (name.find("/.trueup/pictures/") != std::string::npos) names.insert(name.substr(name.rfind('/') + 1));
    }
    return names;
  };
  ASSERT_EQ(remove("b.png").status, 200);
  const std::string large(limits::kMaxPicturesSetAside / 3, 'x');
  // One is somebody else's: not counted, and never removed.
  for (const char* name : {"0-old.png", "2-new.png", "mine.txt"}) write(std::string(".trueup/pictures/") + name, large);
  write("assets/plugins/frame/uploads/c.png", "C");
  ASSERT_EQ(remove("c.png").status, 200);
  EXPECT_THAT(aside(), testing::ElementsAre("0-old.png", "1-b.png", "2-new.png", "3-c.png", "mine.txt"))
      << "there is room for them";
  write(".trueup/pictures/4-newest.png", large);
  ASSERT_EQ(remove("a.JPG").status, 200);
  EXPECT_THAT(aside(), testing::ElementsAre("1-b.png", "2-new.png", "3-c.png", "4-newest.png", "5-a.JPG", "mine.txt"))
      << "the oldest goes, no more than has to, and none that undo needs";
  EXPECT_EQ(post("/api/trueup/v1/undo", R"({"n": 1})").status, 200);
  EXPECT_EQ(read("assets/plugins/frame/uploads/b.png"), "PNG");
}

TEST_F(WebUploads, pictures_of_one_plugin_together_have_a_limit) {
  for (int i = 0; i < 10; ++i) write(fmt::format("{}old-{}.png", kUploads, i), kPng + std::string(5U << 20U, 'x'));
  const auto before = theirs(disk);
  const Response refused = upload({{"boat.png", kPng}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("50 MB"));
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(WebUploads, the_form_has_a_place_to_upload_where_the_schema_says_so_and_every_picture_can_be_deleted) {
  write("plugin-repos/frame/config_schema.json", R"({"type": "object", "properties": {
      "picture": {"type": "string", "x-widget": "file-upload"}, "plain": {"type": "string"},
      "all": {"type": "array", "x-widget": "file-upload", "items": {"type": "string"}},
      "more": {"type": "array", "x-widget": "file-upload", "items": {"type": "object", "properties": {
          "path": {"type": "string"}, "id": {"type": "string"}}}}}})");
  const std::string page = get("/plugins/frame/settings").body;
  std::size_t places = 0;
  for (auto at = page.find("data-upload"); at != std::string::npos; at = page.find("data-upload", at + 1)) ++places;
  EXPECT_EQ(places, 3U);
  EXPECT_THAT(page, HasSubstr("data-upload accept=\"image/png,image/jpeg,image/gif,image/bmp\" multiple"));
  EXPECT_THAT(page, testing::AllOf(HasSubstr("data-picture=\"b\""), HasSubstr("data-picture=\"a\"")));
  EXPECT_THAT(get("/plugins/none/settings").body, Not(HasSubstr("data-picture")));
}

TEST_F(WebUploads, a_setting_that_is_a_file_offers_what_was_uploaded_and_takes_any_path) {
  write("plugin-repos/frame/config_schema.json", R"({"type": "object", "properties": {
      "picture": {"type": "string", "x-widget": "file-upload-single"}}})");
  EXPECT_THAT(get("/plugins/frame/settings").body,
              HasSubstr("<option value=\"assets/plugins/frame/uploads/b.png\"></option>"));
  const Response saved = post("/api/v3/plugins/config",
                              R"({"plugin_id": "frame", "config": {"picture": "assets/plugins/frame/uploads/b.png"}})");
  EXPECT_EQ(saved.status, 200) << saved.body;
  EXPECT_THAT(get("/plugins/frame/settings").body, HasSubstr("value=\"assets/plugins/frame/uploads/b.png\" list="));
}

}  // namespace
}  // namespace trueup::cli
