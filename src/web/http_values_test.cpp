// Requests and answers as values: what is taken apart, routed, let in, and wrapped.
#include <gtest/gtest.h>

#include <fmt/core.h>
#include "json/document.h"

#include "web/body.h"
#include "web/envelope.h"
#include "web/etag.h"
#include "web/guard.h"
#include "web/router.h"
#include "web/target.h"

namespace trueup::web {
namespace {

Request asked(Method method, std::vector<Header> headers, std::string body = {}) {
  Request request{.method = method, .path = "/", .segments = {}, .query = {}, .headers = std::move(headers)};
  request.body = std::move(body);
  return request;
}

int status_of(const Request& request, const GuardPolicy& policy = {}) {
  const auto refusal = refuse(request, policy);
  return refusal ? refusal->status : 200;
}

TEST(Target, is_taken_apart_and_decoded_once) {
  const auto target = parse_target("/api/v3/plugins/a%20b/?x=1&y=%2526&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "v3", "plugins", "a b"}));
  EXPECT_EQ(target->query, (Parameters{{"x", "1"}, {"y", "%26"}, {"flag", ""}}));
  EXPECT_TRUE(parse_target("/")->segments.empty());
}

TEST(Target, F143_a_path_that_could_mean_another_one_is_refused) {
  for (const char* text : {"/plugins/../static", "/plugins/%2e%2e/x", "/a//b", "/./a", "/a%2fb", "/a%5Cb", "/a%00b",
                           "/%ff", "/%zz", "/%2", "http://x/a", "*", ""}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(Target, percent_encoding_comes_back_as_it_was) {
  const std::string text = "a b/c?d&e=\xc3\xa9%";
  const auto target = parse_target("/x?v=" + percent_encoded(text));
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query.front().second, text);
}

TEST(Form, F154_more_fields_than_any_form_has_are_refused) {
  std::string text;
  for (int i = 0; i < 2001; ++i) text += "a=1&";
  EXPECT_FALSE(parse_form(text));
}

TEST(Router, finds_the_plainest_pattern_and_tells_which_methods_there_are) {
  Router router;
  const auto one = router.add(Method::get, "/operation/{id}");
  const auto history = router.add(Method::get, "/operation/history");
  const auto file = router.add(Method::get, "/static/{rest...}");
  EXPECT_EQ(router.find(Method::head, {"operation", "7"}).route, (Route{one, {"7"}}));
  EXPECT_EQ(router.find(Method::get, {"operation", "history"}).route, (Route{history, {}}));
  EXPECT_EQ(router.find(Method::get, {"static", "a", "b"}).route, (Route{file, {"a", "b"}}));
  EXPECT_FALSE(router.find(Method::get, {"static"}).route);
  const auto wrong_method = router.find(Method::post, {"operation", "7"});
  EXPECT_FALSE(wrong_method.route);
  EXPECT_EQ(wrong_method.allowed, (std::vector<Method>{Method::get}));
  EXPECT_TRUE(router.find(Method::get, {"nothing"}).allowed.empty());
}

TEST(Guard, F151_a_name_of_the_internet_that_points_here_is_not_answered) {
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "localhost:5050"}})), 200);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "127.0.0.1"}})), 200);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "[::1]:5050"}})), 200);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "evil.example"}})), 421);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "127.0.0.1.evil.example"}})), 421);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "localhost:5050@evil.example"}})), 400);
  EXPECT_EQ(status_of(asked(Method::get, {})), 400);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "localhost"}, {"host", "localhost"}})), 400);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "matrix.local"}}), {.hosts = {"matrix.local"}}), 200);
}

TEST(Guard, without_a_login_only_this_machine_is_answered_and_no_proxy_of_it) {
  Request other = asked(Method::get, {{"host", "localhost"}});
  other.peer = *platform::NetworkAddress::parse("192.168.1.7");
  EXPECT_EQ(status_of(other), 403);
  EXPECT_EQ(status_of(asked(Method::get, {{"host", "localhost"}, {"x-forwarded-for", "10.0.0.7"}})), 403);
}

TEST(Guard, F151_a_page_of_another_site_changes_nothing) {
  const Header host{"host", "localhost:5050"};
  EXPECT_EQ(status_of(asked(Method::post, {host})), 200);  // a program, as LEDMatrix's clients are
  EXPECT_EQ(status_of(asked(Method::post, {host, {"origin", "http://localhost:5050"}})), 200);
  for (const Header& sign : std::vector<Header>{{"origin", "http://evil.example"},
                                                {"origin", "http://localhost:5000"},
                                                {"origin", "null"},
                                                {"referer", "http://evil.example/localhost:5050"},
                                                {"sec-fetch-site", "cross-site"},
                                                {"sec-fetch-site", "same-site"}}) {
    EXPECT_EQ(status_of(asked(Method::post, {host, sign})), 403) << sign.name << ": " << sign.value;
  }
  EXPECT_EQ(
      status_of(asked(Method::post, {host, {"origin", "http://evil.example"}, {"origin", "http://localhost:5050"}})),
      403);
}

TEST(Guard, a_page_of_another_site_may_link_here_but_not_fetch_from_here) {
  const Header host{"host", "localhost"};
  const Header foreign{"sec-fetch-site", "cross-site"};
  EXPECT_EQ(status_of(asked(Method::get, {host, foreign, {"sec-fetch-mode", "navigate"}})), 200);
  EXPECT_EQ(status_of(asked(Method::get, {host, foreign, {"sec-fetch-mode", "no-cors"}})), 403);
}

TEST(Guard, F149_every_answer_forbids_the_browser_to_run_what_is_not_ours) {
  Response response;
  add_security_headers(response);
  const auto policy = response.header("content-security-policy");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->find("unsafe"), std::string_view::npos);
  EXPECT_EQ(response.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.header("cache-control"), "no-store");
}

TEST(Etag, who_has_the_answer_already_gets_no_second_copy) {
  const std::string etag = etag_of("[]");
  EXPECT_NE(etag, etag_of("[1]"));
  EXPECT_TRUE(names_tag("\"x\", W/" + etag, etag));
  EXPECT_FALSE(names_tag("\"x\"", etag));
  const auto same = tagged(asked(Method::get, {{"if-none-match", etag}}), {.body = "[]"}, etag);
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(tagged(asked(Method::get, {}), {.body = "[]"}, etag).body, "[]");
}

TEST(Envelope, F153_an_error_says_what_went_wrong_in_sentences_of_ours) {
  const auto response = failure(api_error({.code = ErrorCode::not_found,
                                           .message = "there is no plugin `x\x1b[31m`",
                                           .where = "x",
                                           .hint = "did you mean `y`?"}));
  EXPECT_EQ(response.status, 404);
  const auto document = json::Document::parse(response.body);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().find("status")->string(), "error");
  EXPECT_EQ(document->root().find("error_code")->string(), "PLUGIN_NOT_FOUND");
  EXPECT_EQ(document->root().find("error_category")->string(), "plugin");
  EXPECT_EQ(document->root().find("message")->string(), "there is no plugin `x\\x1b[31m`");
  EXPECT_EQ(document->root().find("suggested_fixes")->at(0)->string(), "did you mean `y`?");
}

TEST(Envelope, success_leaves_out_what_is_empty) {
  EXPECT_EQ(success("[]", "").body, R"({"status": "success", "data": []})");
  EXPECT_EQ(success("", "done").body, R"({"status": "success", "message": "done"})");
}

const Header kJson{"content-type", "application/json; charset=utf-8"};

TEST(Body, F137_what_is_no_json_object_is_refused_with_the_reason) {
  for (const char* text : {"", "null", "[]", "\"x\"", "1", "{", "{\"a\":1,\"a\":2}", "{\"a\":1e999}", "{\"a\":NaN}"}) {
    const auto body = Body::read(asked(Method::post, {kJson}, text), Accepts::json);
    ASSERT_FALSE(body) << text;
    EXPECT_EQ(body.error().status, 400) << text;
  }
  const auto form = asked(Method::post, {{"content-type", "application/x-www-form-urlencoded"}}, "a=1");
  EXPECT_EQ(Body::read(form, Accepts::json).error().status, 415);
  EXPECT_TRUE(Body::read(form, Accepts::json_or_form));
}

TEST(Body, F154_a_body_of_nested_lists_ends_at_a_limit) {
  const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(Body::read(asked(Method::post, {kJson}, deep), Accepts::json).error().status, 400);
}

TEST(Body, F154_a_body_of_very_many_members_ends_at_a_limit) {
  const auto read = [](const std::string& body) {
    Request request{.method = Method::post};
    request.headers = {{"content-type", "application/json"}};
    request.body = body;
    return Body::read(request, Accepts::json);
  };
  const auto object = [](std::size_t members, const std::string& value) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) text += fmt::format("{}\"{}\": {}", i == 0 ? "" : ",", i, value);
    return text + "}";
  };
  EXPECT_TRUE(read(object(2000, "1")));
  EXPECT_EQ(read(object(2001, "1")).error().status, 413);
  std::string list = "1";
  for (int i = 0; i < 2000; ++i) list += ",1";
  EXPECT_EQ(read(R"({"a": [)" + list + "]}").error().status, 413);
  EXPECT_TRUE(read(object(100, object(300, "1"))));
  EXPECT_EQ(read(object(100, object(400, "1"))).error().status, 413) << "in all";
}

TEST(Body, F137_a_field_of_the_wrong_type_is_named) {
  const auto body = Body::read(asked(Method::post, {kJson}, R"({"enabled":"false","plugin_id":7})"), Accepts::json);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->boolean("enabled").error().message, "`enabled` is text, not true or false");
  EXPECT_EQ(body->text("plugin_id").error().message, "`plugin_id` is a number, not text");
  EXPECT_EQ(body->text("other").error().message, "`other` is missing");
}

TEST(Body, a_form_says_true_and_false_in_the_words_of_forms) {
  const auto read = [](const std::string& text) {
    return Body::read(asked(Method::post, {{"content-type", "application/x-www-form-urlencoded"}}, text),
                      Accepts::json_or_form);
  };
  EXPECT_EQ(read("enabled=on")->boolean("enabled"), true);
  EXPECT_EQ(read("enabled=False")->boolean("enabled"), false);
  EXPECT_FALSE(read("enabled=perhaps")->boolean("enabled"));
}

}  // namespace
}  // namespace trueup::web
