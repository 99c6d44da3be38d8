// What programs that watch over machines ask.
#include <gmock/gmock.h>

#include "cli/web_test_support.h"

namespace trueup::cli {
namespace {

using testing::HasSubstr;

/// For what has to be answered without a look at the installation.
class NobodyReads final : public platform::Worker {
 public:
  void start(platform::Job) override { ADD_FAILURE() << "something is read"; }
};

class Monitoring : public WebTest {
 protected:
  Monitoring() { add_plugin("clock"); }
  Request from_outside(const std::string& target, std::vector<Header> headers = {}) {
    Request out = request(Method::get, target, {}, std::move(headers));
    out.peer = *platform::NetworkAddress::parse("192.168.1.7");
    std::erase_if(out.headers, [](const Header& one) { return one.name == "host"; });
    out.headers.push_back({"host", "192.168.1.50:5050"});
    return out;
  }
};

TEST_F(Monitoring, metrics_are_what_prometheus_reads_and_each_answer_is_of_this_moment) {
  const Response first = get("/metrics");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(first.header("cache-control"), "no-store");
  EXPECT_THAT(first.body, HasSubstr("# TYPE trueup_findings gauge\n"));
  EXPECT_THAT(first.body, HasSubstr("\ntrueup_passes_total 1\n"));
  EXPECT_THAT(first.body, HasSubstr("\ntrueup_written_bytes_total 4096\n"));
  daemon->reload();
  loop.settle();
  EXPECT_THAT(get("/metrics").body, HasSubstr("\ntrueup_passes_total 2\n"));
}

TEST_F(Monitoring, F58_asking_for_them_makes_no_pass_and_looks_at_nothing) {
  NobodyReads nobody;
  begin(&nobody);
  const auto version = daemon->snapshot()->version;
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(get("/metrics").status, 200);
    ASSERT_EQ(get("/healthz").status, 200);
    ASSERT_EQ(get("/readyz").status, 200);
  }
  EXPECT_EQ(daemon->snapshot()->version, version);
}

TEST_F(Monitoring, it_is_well_until_it_ends_and_ready_once_it_has_looked) {
  EXPECT_EQ(get("/readyz").body, "what it says is as of the newest change\n");
  daemon->stop([] {});
  EXPECT_EQ(get("/healthz").status, 503);
  EXPECT_EQ(get("/readyz").status, 503);
}

TEST_F(Monitoring, strangers_are_told_nothing_and_sent_nowhere) {
  open_door({.has_login = true}, worker);
  for (const char* target : {"/metrics", "/healthz", "/readyz"}) {
    const Response answer = ask(from_outside(target));
    EXPECT_EQ(answer.status, 401) << target;
    EXPECT_EQ(answer.body.find("trueup_"), std::string::npos) << target;
  }
}

TEST_F(Monitoring, nothing_is_changed_by_them) {
  for (const char* target : {"/metrics", "/healthz", "/readyz"}) EXPECT_EQ(post(target, "{}").status, 404) << target;
}

}  // namespace
}  // namespace trueup::cli
