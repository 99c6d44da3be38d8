// The pictures that the owner uploaded for a plugin: shown and listed, whoever wrote what lies beside them.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"

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
