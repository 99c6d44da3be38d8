// The page opened to other machines: who comes in, how far, and what keeps others out.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Door : public WebTest {
 protected:
  Door() {
    add_plugin("clock");
    configure({{"clock", R"({"enabled": true})"}});
    open_door({.hosts = {"matrix.local"}, .has_login = true}, worker);
  }

  static Request from_outside(Method method, const std::string& target, std::string body = {},
                              std::vector<Header> headers = {}) {
    Request out = request(method, target, std::move(body), std::move(headers));
    out.peer = *platform::NetworkAddress::parse("192.168.1.7");
    std::erase_if(out.headers, [](const Header& one) { return one.name == "host"; });
    out.headers.push_back({"host", "192.168.1.50:5050"});
    return out;
  }
  Response send_form(const std::string& target, const std::string& body) {
    return ask(from_outside(Method::post, target, body, {{"content-type", "application/x-www-form-urlencoded"}}));
  }
  /// The cookie of somebody who chose the password just now.
  std::string set_up() {
    const Response done = send_form("/setup", "code=" + door->setup_code() + "&password=open+sesame");
    EXPECT_EQ(done.status, 303) << done.body;
    return cookie_of(done);
  }
  static std::string cookie_of(const Response& response) {
    const std::string all(response.header("set-cookie").value_or(""));
    return all.substr(0, all.find(';'));
  }
  Response toggle(std::vector<Header> headers) {
    return ask(from_outside(Method::post, "/api/v3/plugins/toggle", R"({"plugin_id": "clock", "enabled": false})",
                            std::move(headers)));
  }
};

const Header kOrigin{"origin", "http://192.168.1.50:5050"};

TEST_F(Door, this_machine_needs_no_login_and_nobody_else_gets_anything_without) {
  EXPECT_EQ(get("/api/v3/plugins/installed").status, 200);
  const auto before = theirs(disk);
  for (const auto& [method, pattern] : application->addresses()) {
    const Response answer = ask(from_outside(method, pattern, method == Method::post ? "{}" : ""));
    const bool is_page = method == Method::get && !pattern.starts_with("/api/") && !pattern.starts_with("/parts/");
    EXPECT_EQ(answer.status, is_page ? 303 : 401) << pattern;
    EXPECT_THAT(answer.body, Not(HasSubstr("clock"))) << pattern;
  }
  EXPECT_EQ(theirs(disk), before);
}

TEST_F(Door, F154_who_may_not_send_a_body_is_told_so_by_its_head_alone) {
  const std::string upload = "/api/v3/plugins/assets/upload";
  const auto stranger = application->turn_away(from_outside(Method::post, upload));
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->status, 401);
  EXPECT_TRUE(stranger->header("content-security-policy"));
  const Header foreign{"origin", "http://evil.example"};
  const auto other_site = application->turn_away(request(Method::post, upload, {}, {foreign}));
  ASSERT_TRUE(other_site);
  EXPECT_EQ(other_site->status, 403);
  EXPECT_FALSE(application->turn_away(request(Method::post, upload)));
  EXPECT_FALSE(application->turn_away(from_outside(Method::post, "/login"))) << "how else would he get in";
  const Header cookie{"cookie", set_up()};
  EXPECT_FALSE(application->turn_away(from_outside(Method::post, upload, {}, {cookie, kOrigin})));
}

TEST_F(Door, the_set_up_code_takes_one_password_and_then_nothing_more) {
  const std::string code = door->setup_code();
  ASSERT_EQ(code.size(), 9U);
  EXPECT_EQ(send_form("/setup", "code=AAAA-AAAA&password=open+sesame").status, 401);
  EXPECT_EQ(send_form("/setup", "code=" + code + "&password=short").status, 400);
  EXPECT_EQ(send_form("/login", "password=open+sesame").status, 303) << "to the set-up";
  EXPECT_EQ(set_up().substr(0, 15), "trueup_session=");
  EXPECT_EQ(door->setup_code(), "");
  EXPECT_EQ(send_form("/setup", "code=" + code + "&password=another+one").header("location"), "/login");
  EXPECT_THAT(read("config/trueup/auth.json"), HasSubstr("$argon2id$"));
  EXPECT_THAT(read("config/trueup/auth.json"), Not(HasSubstr("sesame")));
  open_door(policy, worker);
  EXPECT_EQ(door->setup_code(), "") << "after a restart there is a password";
}

TEST_F(Door, a_login_is_a_cookie_that_scripts_and_other_sites_do_not_get) {
  set_up();
  EXPECT_EQ(send_form("/login", "password=wrong+one").status, 401);
  const Response in = send_form("/login", "password=open+sesame");
  EXPECT_EQ(in.status, 303);
  EXPECT_THAT(std::string(*in.header("set-cookie")),
              testing::AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict")));
  const Header cookie{"cookie", "other=1; " + cookie_of(in)};
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie})).status, 200);
  EXPECT_THAT(ask(from_outside(Method::get, "/", {}, {cookie})).body, HasSubstr("Log out"));
  EXPECT_THAT(get("/").body, Not(HasSubstr("Log out")));
  EXPECT_EQ(toggle({cookie}).status, 403) << "a browser says which page sent a change";
  EXPECT_EQ(toggle({cookie, {"origin", "http://evil.example"}}).status, 403);
  EXPECT_THAT(read("config/config.json"), HasSubstr("true"));
  EXPECT_EQ(toggle({cookie, kOrigin}).status, 200);
  EXPECT_EQ(ask(from_outside(Method::post, "/logout", {}, {cookie, kOrigin})).status, 303);
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie})).status, 401);
}

TEST_F(Door, a_session_ends_after_thirty_days) {
  const Header cookie{"cookie", set_up()};
  loop.advance(std::chrono::hours(30 * 24 - 1));
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie})).status, 200);
  loop.advance(std::chrono::hours(2));
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie})).status, 401);
}

TEST_F(Door, who_guesses_passwords_has_to_wait_and_others_do_not) {
  set_up();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send_form("/login", "password=guess").status, 401);
  const Response slow = send_form("/login", "password=open+sesame");
  EXPECT_EQ(slow.status, 429);
  EXPECT_EQ(slow.header("retry-after"), "1");
  Request other =
      from_outside(Method::post, "/login", "password=open+sesame",
                   {{"content-type", "application/x-www-form-urlencoded"}, {"x-forwarded-for", "10.0.0.1"}});
  EXPECT_EQ(ask(other).status, 429) << "only a proxy on this machine says on whose behalf";
  other.peer = *platform::NetworkAddress::parse("192.168.1.8");
  EXPECT_EQ(ask(other).status, 303);
  loop.advance(std::chrono::seconds(2));
  EXPECT_EQ(send_form("/login", "password=open+sesame").status, 303);
}

TEST_F(Door, a_token_opens_as_far_as_it_was_made_for_and_no_longer_than_it_is_wanted) {
  const web::LoginsPlace place{
      .file_system = disk, .clock = ports.clock, .processes = ports.processes, .root = engine::kRoot};
  std::string reads;
  std::string writes;
  ASSERT_TRUE(web::change_logins(place, [&](web::Logins& logins) {
    reads = *web::add_token(logins, "reads", web::Scope::read, std::string(32, 'r'), 1);
    writes = *web::add_token(logins, "writes", web::Scope::write, std::string(32, 'w'), 1);
    return ok();
  }));
  const auto with = [](const std::string& token) { return Header{"authorization", "Bearer " + token}; };
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {with(reads)})).status, 200);
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {{"x-api-key", reads}})).status, 200);
  EXPECT_EQ(toggle({with(reads)}).status, 403);
  EXPECT_EQ(toggle({with("trueup_guess")}).status, 401);
  EXPECT_THAT(read("config/config.json"), HasSubstr("true"));
  EXPECT_EQ(toggle({with(writes)}).status, 200);
  ASSERT_TRUE(web::change_logins(place, [](web::Logins& logins) { return web::revoke_token(logins, "reads"); }));
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {with(reads)})).status, 401);
}

TEST_F(Door, a_network_that_is_trusted_comes_in_and_the_page_says_so_as_long_as_it_is) {
  open_door({.hosts = {}, .has_login = true, .trusted = {*platform::Network::parse("192.168.1.0/24")}}, worker);
  EXPECT_EQ(toggle({}).status, 200) << "a program written for LEDMatrix";
  EXPECT_THAT(ask(from_outside(Method::get, "/")).body, HasSubstr("192.168.1.0/24"));
  Request other = from_outside(Method::get, "/api/v3/plugins/installed");
  other.peer = *platform::NetworkAddress::parse("192.168.2.7");
  EXPECT_EQ(ask(other).status, 401);
  EXPECT_EQ(
      ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {{"x-forwarded-for", "192.168.1.9"}})).status, 401)
      << "a proxy there speaks for anybody";
}

TEST_F(Door, F151_a_name_of_the_internet_does_not_lead_here_even_with_a_cookie) {
  const Header cookie{"cookie", set_up()};
  Request bent = from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie});
  bent.headers.back().value = "evil.example:5050";
  EXPECT_EQ(ask(bent).status, 421);
  bent.headers.back().value = "matrix.local:5050";
  EXPECT_EQ(ask(bent).status, 200);
}

TEST_F(Door, through_a_proxy_on_this_machine_a_login_is_needed_as_well) {
  Request forwarded = request(Method::get, "/api/v3/plugins/installed", {}, {{"x-forwarded-for", "203.0.113.9"}});
  EXPECT_EQ(ask(forwarded).status, 401);
}

TEST_F(Door, a_file_of_logins_that_cannot_be_read_lets_nobody_in_and_offers_no_new_password) {
  const Header cookie{"cookie", set_up()};
  write("config/trueup/auth.json", "{ damaged", 0600);
  open_door(policy, worker);
  EXPECT_EQ(door->setup_code(), "");
  EXPECT_EQ(send_form("/setup", "code=&password=open+sesame").status, 503);
  EXPECT_EQ(ask(from_outside(Method::get, "/api/v3/plugins/installed", {}, {cookie})).status, 401);
  EXPECT_EQ(get("/api/v3/plugins/installed").status, 200);
}

}  // namespace
}  // namespace trueup::cli
