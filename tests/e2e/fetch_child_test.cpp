// The child program `fetch`, really started, really confined, against real servers.
#include <gmock/gmock.h>

#include "platform/real_file_system.h"
#include "store/child_fetcher.h"
#include "store/tree_digest.h"
#include "support/web_server.h"
#include "support/zip.h"

namespace trueup::store {
namespace {

using test::WebServer;
using testing::HasSubstr;
using testing::Not;
using Kind = FetchFailure::Kind;
using std::chrono::milliseconds;

class FetchChild : public testing::Test {
 protected:
  FetchChild() : store_(disk_.open_root(directory_.path().string()).value()) { body_ = create("body"); }

  std::unique_ptr<platform::WritableFile> create(const std::string& name) {
    EXPECT_TRUE(store_->write_new(name, "", {}, platform::Sync::no));
    return store_->open_for_writing(name, 0644).value();
  }

  /// Allowed to talk to this server although it lies at a private address.
  [[nodiscard]] GetRequest request(std::string_view path) const {
    return {.url = server_.url(path),
            .access = {.ca_file = server_.ca_file(), .private_hosts = {server_.place()}},
            .patience = milliseconds(20'000)};
  }

  GetResult get(const GetRequest& request) { return fetcher_.get(request, *body_, {}); }
  FetchFailure failure(const GetRequest& request) {
    const GetResult result = get(request);
    const auto* failed = std::get_if<FetchFailure>(&result);
    if (failed == nullptr) ADD_FAILURE() << "it succeeded: " << request.url;
    return failed == nullptr ? FetchFailure() : *failed;
  }
  GotAnswer got(const GetRequest& request) {
    const GetResult result = get(request);
    const auto* answer = std::get_if<GotAnswer>(&result);
    if (answer == nullptr) ADD_FAILURE() << std::get<FetchFailure>(result).message;
    return answer == nullptr ? GotAnswer() : *answer;
  }
  [[nodiscard]] std::string body() const { return test::read_file(directory_.path() / "body"); }

  WebServer server_;
  test::TempDirectory directory_;
  platform::RealFileSystem disk_;
  std::unique_ptr<platform::WritableDirectory> store_;
  std::unique_ptr<platform::WritableFile> body_;
  ChildFetcher fetcher_{fetch_program_beside(TRUEUP_BINARY)};
};

TEST_F(FetchChild, brings_a_file_and_asks_for_it_only_when_it_changed) {
  server_.put("plugins.json", "{\"plugins\": []}");
  const GotAnswer first = got(request("plugins.json"));
  EXPECT_EQ(body(), "{\"plugins\": []}");
  EXPECT_FALSE(first.unchanged);
  ASSERT_NE(first.etag, "");
  GetRequest again = request("plugins.json");
  again.etag = first.etag;
  EXPECT_TRUE(got(again).unchanged);
}

TEST_F(FetchChild, shows_how_far_it_is) {
  server_.put("big", std::string(3'000'000, 'x'));
  std::vector<FetchProgress> seen;
  const GetResult result =
      fetcher_.get(request("big"), *body_, [&](const FetchProgress& progress) { seen.push_back(progress); });
  ASSERT_TRUE(std::holds_alternative<GotAnswer>(result));
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().total, 3'000'000U);
}

// Failure F125.
TEST_F(FetchChild, goes_on_where_the_connection_broke) {
  const std::string bytes(50'000, 'p');
  server_.put("archive.zip", bytes);
  server_.rules(R"({"/archive.zip": [{"file": "archive.zip", "headers": {"ETag": "\"1\""}, "cut": 20000}]})");
  const FetchFailure broken = failure(request("archive.zip"));
  EXPECT_EQ(broken.kind, Kind::unreachable);
  ASSERT_TRUE(broken.keeps_part);
  EXPECT_EQ(body().size(), 20'000U);
  server_.rules("{}");
  GetRequest rest = request("archive.zip");
  rest.offset = 20'000;
  rest.part_of = "\"1\"";
  EXPECT_TRUE(got(rest).from_start) << "it is another version now, so all of it came";
  EXPECT_EQ(body(), bytes);

  const std::string etag = got(request("archive.zip")).etag;
  ASSERT_TRUE(body_->truncate(30'000));
  rest.offset = 30'000;
  rest.part_of = etag;
  EXPECT_FALSE(got(rest).from_start) << "only what was missing";
  EXPECT_EQ(body(), bytes);
  EXPECT_THAT(server_.requests().back().headers, HasSubstr("bytes=30000-"));
}

TEST_F(FetchChild, tells_what_the_server_said) {
  server_.rules(R"({"/503": [{"status": 503, "headers": {"Retry-After": "7"}}], "/500": [{"status": 500}],
                    "/403": [{"status": 403}], "/wrong": [{"body": "short", "length": 500}]})");
  EXPECT_EQ(failure(request("/nothing")).kind, Kind::not_found);
  const FetchFailure later = failure(request("/503"));
  EXPECT_EQ(later.kind, Kind::unreachable);
  EXPECT_EQ(later.retry_after, std::chrono::seconds(7));
  EXPECT_TRUE(later.answered);
  EXPECT_EQ(failure(request("/500")).kind, Kind::unreachable);
  EXPECT_EQ(failure(request("/403")).kind, Kind::unreachable);
  EXPECT_EQ(failure(request("/wrong")).kind, Kind::unreachable);
}

// Failure F127.
TEST_F(FetchChild, does_not_wait_for_ever) {
  server_.rules(R"({"/hang": [{"hang": true}], "/drip": [{"drip": true, "body": "0123456789012345"}]})");
  GetRequest hang = request("/hang");
  hang.patience = milliseconds(300);
  EXPECT_EQ(failure(hang).kind, Kind::unreachable);
  GetRequest drip = request("/drip");
  drip.slow_patience = milliseconds(1000);
  EXPECT_EQ(failure(drip).kind, Kind::unreachable);
}

// Failure F147.
TEST_F(FetchChild, takes_no_more_than_it_may_whatever_is_claimed) {
  server_.rules(R"({"/endless": [{"endless": true}], "/huge": [{"body": "x", "length": 4294967296}]})");
  GetRequest endless = request("/endless");
  endless.most_bytes = 1'000'000;
  EXPECT_EQ(failure(endless).kind, Kind::refused);
  EXPECT_LE(body().size(), 1'000'000U);
  EXPECT_EQ(failure(request("/huge")).kind, Kind::refused);
}

TEST_F(FetchChild, trusts_no_certificate_of_an_unknown_authority) {
  server_.put("x", "x");
  GetRequest untrusted = request("x");
  untrusted.access.ca_file.clear();
  const FetchFailure refused = failure(untrusted);
  EXPECT_EQ(refused.kind, Kind::unreachable);
  EXPECT_THAT(refused.message, HasSubstr("cannot show that it is who it says"));
  EXPECT_EQ(server_.count("/x"), 0U);
}

TEST_F(FetchChild, a_download_that_hangs_ends_when_it_is_called_off_and_is_told_apart_from_one_that_failed) {
  server_.rules(R"({"/slow": [{"hang": true}]})");
  ChildFetcher fetcher(fetch_program_beside(TRUEUP_BINARY), [this] { return server_.count("/slow") > 0; });
  const GetResult result = fetcher.get(request("/slow"), *body_, {});
  ASSERT_TRUE(std::holds_alternative<FetchFailure>(result));
  EXPECT_EQ(std::get<FetchFailure>(result).kind, Kind::stopped);
  EXPECT_EQ(error_of(std::get<FetchFailure>(result), "").code, ErrorCode::conflict);
}

// Failure F148.
TEST_F(FetchChild, asks_nobody_in_a_private_network_whom_the_owner_did_not_name) {
  server_.put("x", "x");
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"}) {
    GetRequest inside = request("x");
    inside.url = "https://" + host + ":" + server_.port() + "/x";
    inside.access.private_hosts.clear();
    EXPECT_EQ(failure(inside).kind, Kind::refused) << host;
  }
  for (const char* url :
       {"http://127.0.0.1/x", "ftp://127.0.0.1/x", "https://u:p@127.0.0.1/x", "gopher://x", "--help"}) {
    GetRequest other = request("x");
    other.url = url;
    EXPECT_EQ(failure(other).kind, Kind::refused) << url;
  }
  EXPECT_TRUE(server_.requests().empty());
}

// Failure F148.
TEST_F(FetchChild, follows_no_redirect_from_the_internet_into_a_private_network) {
  server_.put("secret", "of the house");
  const std::string location = server_.url("/secret");
  server_.rules(R"({"/to-house": [{"status": 302, "headers": {"Location": ")" + location +
                R"("}}], "/to-file": [{"status": 302, "headers": {"Location": "file:///etc/passwd"}}],
                "/to-http": [{"status": 302, "headers": {"Location": "http://github.com/"}}]})");
  GetRequest outside = request("x");
  outside.access.proxy = server_.proxy();
  outside.access.no_proxy = "127.0.0.1";
  for (const char* path : {"/to-house", "/to-file", "/to-http"}) {
    outside.url = std::string("https://plugins.example.org") + path;
    EXPECT_EQ(failure(outside).kind, Kind::refused) << path;
  }
  EXPECT_EQ(server_.count("/secret"), 0U) << "although the owner named that host himself";
}

TEST_F(FetchChild, follows_a_few_redirects_and_no_circle) {
  server_.put("there", "it is");
  server_.rules(R"({"/one": [{"status": 301, "headers": {"Location": "two"}}],
                    "/two": [{"status": 302, "headers": {"Location": "/there"}}],
                    "/circle": [{"status": 302, "headers": {"Location": "/circle"}}]})");
  EXPECT_EQ(got(request("/one")).url, server_.url("/there"));
  EXPECT_EQ(body(), "it is");
  EXPECT_EQ(failure(request("/circle")).kind, Kind::unreachable);
  EXPECT_EQ(server_.count("/circle"), 6U);
}

TEST_F(FetchChild, shows_a_token_to_github_and_to_nobody_else) {
  server_.put("x", "x");
  GetRequest outside = request("x");
  outside.access.proxy = server_.proxy();
  outside.access.token = "ghp_secret";
  outside.url = "https://raw.githubusercontent.com/x";
  got(outside);
  EXPECT_THAT(server_.requests().back().headers, HasSubstr("Bearer ghp_secret"));
  outside.url = "https://plugins.example.org/x";
  got(outside);
  EXPECT_THAT(server_.requests().back().headers, Not(HasSubstr("ghp_secret")));
  server_.rules(R"({"/away": [{"status": 302, "headers": {"Location": "https://plugins.example.org/x"}}]})");
  outside.url = "https://github.com/away";
  got(outside);
  EXPECT_THAT(server_.requests().back().headers, Not(HasSubstr("ghp_secret"))) << "not after a redirect either";
}

TEST_F(FetchChild, speaks_with_nginx_compressed_and_from_the_middle) {
  if (!test::Nginx::is_there()) GTEST_SKIP() << "skipped: nginx is not on this machine";
  test::Nginx nginx;
  const std::string json = "{\"plugins\": [" + std::string(20'000, ' ') + "]}";
  nginx.put("plugins.json", json);
  GetRequest whole{.url = nginx.url("plugins.json"),
                   .access = {.ca_file = nginx.ca_file(), .private_hosts = {nginx.place()}},
                   .may_be_compressed = true};
  const GotAnswer first = got(whole);
  EXPECT_EQ(body(), json);
  whole.etag = first.etag;
  whole.modified = first.modified;
  EXPECT_TRUE(got(whole).unchanged);
  nginx.put("a.zip", std::string(100'000, 'z'));
  GetRequest archive = whole;
  archive.url = nginx.url("a.zip");
  archive.etag = archive.modified = "";
  archive.may_be_compressed = false;
  archive.part_of = got(archive).etag;
  ASSERT_TRUE(body_->truncate(99'000));
  archive.offset = 99'000;
  EXPECT_FALSE(got(archive).from_start);
  EXPECT_EQ(body(), std::string(100'000, 'z'));
}

TEST_F(FetchChild, unpacks_one_folder_and_packs_it_by_itself) {
  const std::string archive = test::zip_of({{"repo-main/README.md", "r"},
                                            {"repo-main/plugins/clock/manifest.json", "{}"},
                                            {"repo-main/plugins/clock/m\xc3\xa4rz.txt", "m"},
                                            {"repo-main/plugins/clock/run.py", "print()", 0100755},
                                            {"repo-main/plugins/clock/fonts/a.bdf", std::string(2'000'000, 'f')},
                                            {"repo-main/plugins/other/manifest.json", "{}"}});
  ASSERT_TRUE(store_->write_new("archive", archive, {}, platform::Sync::no));
  ASSERT_TRUE(store_->make_directory("into", {.mode = 0755}));
  const auto into = store_->open_writable("into", platform::Links::refuse).value();
  const auto pack = create("pack");
  const UnpackResult result =
      fetcher_.unpack({.folder = "plugins/clock", .pack = true},
                      *store_->open_file("archive", platform::Links::refuse).value(), *into, pack.get());
  const auto* unpacked = std::get_if<UnpackedAnswer>(&result);
  ASSERT_NE(unpacked, nullptr) << std::get<FetchFailure>(result).message;
  EXPECT_TRUE(unpacked->packed);
  const auto files = hash_tree(*into).value();
  EXPECT_EQ(unpacked->digest, tree_digest(files));
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].size, 2'000'000U);
  EXPECT_EQ(files[2].path, "m\xc3\xa4rz.txt");
  EXPECT_TRUE(files[3].executable);

  ASSERT_TRUE(store_->make_directory("again", {.mode = 0755}));
  const auto again = store_->open_writable("again", platform::Links::refuse).value();
  const UnpackResult second = fetcher_.unpack({}, *pack, *again, nullptr);
  ASSERT_TRUE(std::holds_alternative<UnpackedAnswer>(second)) << std::get<FetchFailure>(second).message;
  EXPECT_EQ(std::get<UnpackedAnswer>(second).digest, unpacked->digest);
}

TEST_F(FetchChild, that_is_not_there_or_says_nonsense_is_an_error_and_no_answer) {
  ChildFetcher missing("/nowhere/fetch");
  const GetResult result = missing.get(request("x"), *body_, {});
  EXPECT_THAT(std::get<FetchFailure>(result).message, HasSubstr("/nowhere/fetch"));
  ChildFetcher talks("/bin/cat");
  EXPECT_EQ(std::get<FetchFailure>(talks.get(request("x"), *body_, {})).kind, Kind::io);
  EXPECT_EQ(fetch_program_beside("/usr/bin/trueup"), "/usr/libexec/trueup/fetch");
  EXPECT_EQ(fetch_program_beside("/trueup"), "/libexec/trueup/fetch");
}

}  // namespace
}  // namespace trueup::store
