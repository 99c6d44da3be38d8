#include "store/network_source.h"

#include <gmock/gmock.h>

#include <deque>

#include "platform/memory_file_system.h"
#include "platform/process_table.h"
#include "store/manifest_version.h"

namespace trueup::store {
namespace {

using testing::HasSubstr;
using Kind = FetchFailure::Kind;
using Outcome = RefreshReport::Outcome;

constexpr const char* kUrl = "https://store.example/plugins.json";

/// A network that says what it is told.
class FakeNetwork final : public Fetcher {
 public:
  struct Said {
    GetResult result = GotAnswer{};
    std::string body = {};
  };

  GetResult get(const GetRequest& request, platform::WritableFile& body, const OnProgress&) override {
    asked.push_back(request);
    if (says.empty()) return FetchFailure{.kind = Kind::unreachable, .message = "no network"};
    Said said = std::move(says.front());
    says.pop_front();
    EXPECT_TRUE(request.offset != 0 || body.truncate(0));
    EXPECT_TRUE(body.append(said.body));
    return said.result;
  }
  /// An archive is here the text of the one file in it.
  UnpackResult unpack(const UnpackRequest& request, const platform::File& archive, platform::WritableDirectory& into,
                      platform::WritableFile* pack) override {
    ++unpacked;
    const std::string bytes = archive.read_at(0, 1U << 20U).value();
    if (bytes == "spoiled") return FetchFailure{.kind = Kind::spoiled, .message = "damaged"};
    EXPECT_TRUE(into.write_new("manifest.json", bytes, {}, platform::Sync::no));
    EXPECT_TRUE(!request.pack || pack->append(bytes));
    return UnpackedAnswer{.digest = tree_digest(hash_tree(into).value()), .files = 1, .packed = request.pack};
  }

  CloneResult clone(const CloneRequest& request, platform::WritableFile& archive,
                    platform::WritableDirectory&) override {
    cloned.push_back(request);
    if (repository.empty()) return FetchFailure{.kind = Kind::not_found, .message = "there is no git repository"};
    EXPECT_TRUE(archive.append(repository));
    return ClonedAnswer{.commit = std::string(40, 'a'), .manifest = repository};
  }
  PeekResult peek(const PeekRequest&, const platform::File& archive) override {
    return PeekedAnswer{.id = manifest_id(archive.read_at(0, 1U << 20U).value())};
  }

  void answer(std::string body, std::string etag = "") {
    says.push_back({GotAnswer{.etag = std::move(etag)}, std::move(body)});
  }
  void fail(FetchFailure failure, std::string body = "") { says.push_back({std::move(failure), std::move(body)}); }

  std::deque<Said> says;
  std::vector<GetRequest> asked;
  std::vector<CloneRequest> cloned;
  std::string repository = {};  // empty: there is none
  int unpacked = 0;
};

std::string list_of(int count, const std::string& date = "2026-01-02") {
  std::string text = R"({"last_updated": ")" + date + R"(", "plugins": [)";
  for (int i = 0; i < count; ++i)
    text += (i == 0 ? "" : ", ") + std::string(R"({"id": "p)") + std::to_string(i) + "\"}";
  return text + "]}";
}

class Network : public testing::Test {
 protected:
  Network() {
    disk_.put_directory("/pi/.trueup");
    disk_.put_directory("/into");
  }

  /// As another process, or a later run, would have it.
  std::unique_ptr<NetworkSource> source() {
    return std::make_unique<NetworkSource>(NetworkSourceParts{.disk = disk_,
                                                              .clock = clock_,
                                                              .random = random_,
                                                              .processes = processes_,
                                                              .fetcher = network_,
                                                              .root = "/pi",
                                                              .url = kUrl,
                                                              .access = {}});
  }
  RefreshReport refresh(Ask ask = Ask::when_due, bool anyway = false) { return source()->refresh(ask, anyway).value(); }
  std::size_t listed() {
    const auto facts = source()->registry();
    return facts ? facts->entries.size() : 0;
  }
  Result<FetchedPlugin> fetch(const NetworkSource& from, const model::RegistryEntry& entry) {
    const auto into = disk_.open_root("/into").value();
    const auto left = into->list().value();
    for (const auto& one : left) (void)into->remove_file(one.name);
    return from.fetch(entry, *into, FetchLimits{});
  }
  static model::RegistryEntry entry(const std::string& id, const std::string& url) {
    return {.id = id, .download_url = url, .digest = "digest of " + id};
  }

  platform::MemoryFileSystem disk_;
  platform::FakeClock clock_;
  platform::RepeatableRandom random_;
  platform::FakeProcessTable processes_;
  std::shared_ptr<FakeNetwork> network_ = std::make_shared<FakeNetwork>();
};

TEST_F(Network, a_registry_that_was_never_fetched_is_unknown_and_not_empty) {
  EXPECT_EQ(source()->registry().error().code, ErrorCode::unsupported);
  EXPECT_TRUE(network_->asked.empty()) << "looking asks nobody";
}

TEST_F(Network, a_copy_is_asked_for_again_only_when_it_changed) {
  network_->answer(list_of(3), "\"1\"");
  EXPECT_EQ(refresh().outcome, Outcome::replaced);
  EXPECT_EQ(listed(), 3U);
  network_->says.push_back({GotAnswer{.unchanged = true}});
  EXPECT_EQ(refresh(Ask::now).outcome, Outcome::unchanged);
  EXPECT_EQ(network_->asked.back().etag, "\"1\"");
  EXPECT_EQ(listed(), 3U);
}

// Failure F120.
TEST_F(Network, all_processes_together_ask_once_in_ten_minutes) {
  network_->answer(list_of(3));
  refresh();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(refresh().outcome, Outcome::not_due);
  EXPECT_EQ(network_->asked.size(), 1U);
  clock_.advance(std::chrono::minutes(10));
  refresh();
  EXPECT_EQ(network_->asked.size(), 2U);
  EXPECT_EQ(refresh().outcome, Outcome::failed) << "the first pass after a failure asks at once";
  for (int i = 0; i < 100; ++i) refresh();
  EXPECT_EQ(network_->asked.size(), 3U);
  clock_.reboot();
  refresh();
  EXPECT_EQ(network_->asked.size(), 4U) << "after a start of the machine nobody knows how long it was";
}

TEST_F(Network, a_question_that_is_called_off_leaves_what_is_known_as_it_is_and_nothing_waits_for_it) {
  network_->answer(list_of(3));
  refresh();
  clock_.advance(std::chrono::minutes(10));
  for (std::size_t i = 2; i < 6; ++i) {
    network_->fail({.kind = Kind::stopped, .message = "it was called off"});
    const RefreshReport report = refresh();
    EXPECT_EQ(report.outcome, Outcome::failed);
    EXPECT_TRUE(report.has_copy);
    EXPECT_EQ(network_->asked.size(), i) << "the one before was no answer";
  }
  EXPECT_EQ(listed(), 3U);
}

// Failure F119.
TEST_F(Network, a_good_copy_outlives_everything_that_is_not_better) {
  network_->answer(list_of(10, "2026-02-02"));
  refresh();
  const auto stays = [&](const std::string& body, const char* why) {
    network_->answer(body);
    const RefreshReport report = refresh(Ask::now);
    EXPECT_EQ(report.outcome, Outcome::kept) << body.substr(0, 40);
    EXPECT_THAT(report.why, HasSubstr(why));
    EXPECT_EQ(listed(), 10U);
    EXPECT_THAT(source()->registry()->suspect, HasSubstr(why));
  };
  stays("<html>please log in</html>", "web page");
  stays("{\"plugins\": [", "not JSON");
  stays("{\"plugins\": {}}", "no list");
  stays("", "not JSON");
  stays(list_of(4, "2026-03-03"), "4 plugins now and listed 10");
  stays(list_of(10, "2026-01-01"), "older");
  network_->fail({.kind = Kind::unreachable, .message = "gone"});
  EXPECT_EQ(refresh(Ask::now).outcome, Outcome::failed);
  EXPECT_EQ(listed(), 10U);
  network_->answer(list_of(5, "2026-02-02"));
  EXPECT_EQ(refresh(Ask::now).outcome, Outcome::replaced) << "half is enough";
  EXPECT_EQ(source()->registry()->suspect, "");
  network_->answer(list_of(1));
  EXPECT_EQ(refresh(Ask::now, /*anyway=*/true).outcome, Outcome::replaced) << "the owner says so";
}

TEST_F(Network, a_first_answer_that_is_no_registry_leaves_nothing) {
  network_->answer("<html>");
  EXPECT_EQ(refresh().outcome, Outcome::failed);
  EXPECT_FALSE(source()->registry());
}

TEST_F(Network, an_archive_with_many_plugins_is_downloaded_once_in_a_pass) {
  network_->answer("{}");
  const auto store = source();
  for (const char* id : {"a", "b", "c"}) EXPECT_TRUE(fetch(*store, entry(id, "https://h/all.zip")));
  EXPECT_EQ(network_->asked.size(), 1U);
}

TEST_F(Network, what_was_fetched_comes_back_without_network) {
  network_->answer("{}");
  const auto first = fetch(*source(), entry("a", "https://h/a.zip"));
  ASSERT_TRUE(first) << first.error().text();
  const auto again = fetch(*source(), entry("a", "https://h/a.zip"));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(*again, *first);
  EXPECT_EQ(network_->asked.size(), 1U);
  model::RegistryEntry newer = entry("a", "https://h/a.zip");
  newer.digest = "another";
  EXPECT_FALSE(fetch(*source(), newer)) << "a changed entry is another plugin until it is fetched";
}

TEST_F(Network, what_was_kept_and_is_no_longer_the_same_is_fetched_anew) {
  network_->answer("{}");
  ASSERT_TRUE(fetch(*source(), entry("a", "https://h/a.zip")));
  disk_.put_file("/pi/.trueup/store/pack-1.tar.gz", "tampered");
  network_->answer("{}");
  EXPECT_TRUE(fetch(*source(), entry("a", "https://h/a.zip")));
  EXPECT_EQ(network_->asked.size(), 2U);
}

// Failure F61.
TEST_F(Network, a_download_that_breaks_is_tried_again_later_and_from_where_it_broke) {
  network_->fail({.kind = Kind::unreachable, .answered = true, .keeps_part = true, .etag = "\"1\""}, "{");
  network_->fail({.kind = Kind::unreachable, .retry_after = std::chrono::seconds(4), .answered = true});
  network_->answer("{}");
  EXPECT_TRUE(fetch(*source(), entry("a", "https://h/a.zip")));
  ASSERT_EQ(network_->asked.size(), 3U);
  EXPECT_EQ(network_->asked[1].offset, 1U);
  EXPECT_EQ(network_->asked[1].part_of, "\"1\"");
  EXPECT_EQ(network_->asked[2].offset, 0U);
  EXPECT_GE(clock_.slept(), std::chrono::milliseconds(4500)) << "as long as the server asked for";
}

TEST_F(Network, a_host_that_does_not_answer_is_asked_for_one_plugin_only) {
  const auto store = source();
  EXPECT_FALSE(fetch(*store, entry("a", "https://dead/a.zip")));
  const std::size_t tries = network_->asked.size();
  EXPECT_FALSE(fetch(*store, entry("b", "https://dead/b.zip")));
  EXPECT_EQ(network_->asked.size(), tries);
}

// Failure F125.
TEST_F(Network, an_archive_with_the_wrong_digest_is_downloaded_once_more_and_then_refused) {
  model::RegistryEntry checked = entry("a", "https://h/a.zip");
  checked.sha256 = std::string(64, 'a');
  network_->answer("{}");
  network_->answer("{}");
  const auto fetched = fetch(*source(), checked);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::refused);
  EXPECT_THAT(fetched.error().message, HasSubstr("expected " + checked.sha256 + ", got "));
  EXPECT_EQ(network_->asked.size(), 2U);
  EXPECT_EQ(network_->unpacked, 0) << "what is not what was meant is not even opened";
}

TEST_F(Network, a_login_page_instead_of_an_archive_is_told) {
  struct Page final : Fetcher {
    GetResult get(const GetRequest&, platform::WritableFile& body, const OnProgress&) override {
      EXPECT_TRUE(body.append("<html>"));
      return GotAnswer{};
    }
    UnpackResult unpack(const UnpackRequest&, const platform::File&, platform::WritableDirectory&,
                        platform::WritableFile*) override {
      return FetchFailure{.kind = Kind::spoiled, .message = "no archive"};
    }
    CloneResult clone(const CloneRequest&, platform::WritableFile&, platform::WritableDirectory&) override {
      return FetchFailure{};
    }
    PeekResult peek(const PeekRequest&, const platform::File&) override { return PeekedAnswer{}; }
  };
  const NetworkSource page({.disk = disk_,
                            .clock = clock_,
                            .random = random_,
                            .processes = processes_,
                            .fetcher = std::make_shared<Page>(),
                            .root = "/pi",
                            .url = kUrl,
                            .access = {}});
  const auto fetched = fetch(page, entry("a", "https://h/a.zip"));
  ASSERT_FALSE(fetched);
  EXPECT_NE(fetched.error().code, ErrorCode::refused) << "tomorrow the network may be another";
  EXPECT_THAT(fetched.error().message, HasSubstr("want a login"));
}

// Failure F148.
TEST_F(Network, a_registry_on_the_network_names_no_file_of_this_device) {
  const auto fetched = fetch(*source(), entry("a", "file:///etc/passwd"));
  EXPECT_EQ(fetched.error().code, ErrorCode::refused);
  EXPECT_TRUE(network_->asked.empty());
}

TEST_F(Network, leaves_no_download_behind_and_removes_what_a_killed_run_left) {
  disk_.put_file("/pi/.trueup/store/download-7", "half");
  network_->answer("{}");
  ASSERT_TRUE(fetch(*source(), entry("a", "https://h/a.zip")));
  const auto kept = disk_.open_root("/pi/.trueup/store").value()->list().value();
  for (const auto& one : kept) {
    EXPECT_THAT(one.name, testing::Not(testing::StartsWith("download-")));
  }
}

TEST_F(Network, saved_repositories_are_listed_apart_and_never_verified) {
  disk_.put_file("/pi/config/saved_repositories.json", R"([{"url": "https://h/u/clock", "type": "single"}])");
  network_->answer(list_of(2));
  refresh();
  network_->fail({.kind = Kind::not_found, .message = "no"});
  network_->answer(R"({"id": "clock", "version": "1.0.0", "verified": true})");
  const auto reports = source()->refresh_saved("", Ask::now).value();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].report.outcome, Outcome::replaced);
  EXPECT_EQ(network_->asked.back().url, "https://h/u/clock/raw/master/manifest.json");
  const auto facts = source()->registry().value();
  EXPECT_EQ(facts.entries.size(), 2U);
  ASSERT_EQ(facts.saved.size(), 1U);
  EXPECT_EQ(facts.saved[0].id, "clock");
  EXPECT_EQ(facts.saved[0].source, "https://h/u/clock");
  EXPECT_FALSE(facts.saved[0].verified);
}

TEST_F(Network, a_saved_repository_without_pages_of_its_files_is_asked_by_git_and_fetched_once) {
  disk_.put_file("/pi/config/saved_repositories.json", R"([{"url": "https://git.example/u/clock", "type": "single"}])");
  network_->answer(list_of(2));
  refresh();
  for (int i = 0; i < 2; ++i) network_->fail({.kind = Kind::not_found, .message = "no"});
  network_->repository = R"({"id": "clock", "version": "1.0.0"})";
  const auto here = source();
  ASSERT_EQ(here->refresh_saved("", Ask::now).value().at(0).report.outcome, Outcome::replaced);
  ASSERT_EQ(network_->cloned.size(), 1U);
  EXPECT_EQ(network_->cloned[0].url, "https://git.example/u/clock");
  EXPECT_EQ(network_->cloned[0].access.token, "");
  const auto facts = here->registry().value();
  ASSERT_EQ(facts.saved.size(), 1U);
  EXPECT_EQ(facts.saved[0].latest_version, "1.0.0");
  ASSERT_TRUE(fetch(*here, facts.saved[0]));
  EXPECT_EQ(network_->cloned.size(), 1U) << "what the question brought is what is installed";
  ASSERT_TRUE(here->refresh_saved("", Ask::when_due));
  EXPECT_EQ(network_->cloned.size(), 1U) << "and it was asked a moment ago";
}

TEST_F(Network, a_repository_that_nobody_answers_for_is_not_asked_once_more_by_git) {
  disk_.put_file("/pi/config/saved_repositories.json", R"([{"url": "https://h/u/clock", "type": "single"}])");
  const auto reports = source()->refresh_saved("", Ask::now).value();
  EXPECT_EQ(reports.at(0).report.outcome, Outcome::failed);
  EXPECT_EQ(network_->asked.size(), 1U);
  EXPECT_TRUE(network_->cloned.empty());
}

// Failure F148.
TEST_F(Network, no_list_leads_git_anywhere) {
  for (const char* source_of : {"", "https://h/u/list"}) {
    model::RegistryEntry leads = entry("a", "git+https://elsewhere/u/a");
    leads.source = source_of;
    EXPECT_EQ(fetch(*source(), leads).error().code, ErrorCode::refused);
  }
  EXPECT_TRUE(network_->cloned.empty());
  EXPECT_TRUE(network_->asked.empty());
}

}  // namespace
}  // namespace trueup::store
