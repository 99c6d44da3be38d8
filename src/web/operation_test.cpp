// What an operation of the daemon is in the words of the page.
#include "web/operation.h"

#include <gmock/gmock.h>

#include "web/pages.h"

namespace trueup::web {
namespace {

using service::Operation;
using service::OperationState;

std::string says_at(const std::string& progress) {
  return sentence_of(Operation{.request = {.words = {"update", "clock"}, .plugin_id = "clock"},
                               .state = OperationState::running,
                               .progress = progress});
}

Operation ended(OperationState state, const std::string& output, const std::string& errors = "") {
  return {.request = {.words = {"update", "clock"}, .plugin_id = "clock"},
          .state = state,
          .output = output,
          .errors = errors};
}

TEST(OperationWords, what_is_done_just_now_is_told_in_words_and_never_as_an_event_of_the_log) {
  EXPECT_EQ(says_at(""), "update of clock is at work");
  EXPECT_EQ(says_at("update.attempt clock"), "update of clock: it is fetched and checked");
  EXPECT_EQ(says_at("update.done clock"), "update of clock: it is in its place");
  EXPECT_EQ(says_at("store.asked"), "update of clock is at work");
  EXPECT_EQ(says_at("trueup: downloading clock"), "update of clock: downloading clock");
  EXPECT_EQ(says_at("downloading clock: 1.0 MB of 4.0 MB"), "update of clock: downloading clock: 1.0 MB of 4.0 MB");
}

TEST(OperationWords, an_update_tells_of_its_plugin_and_one_of_many_counts_them) {
  const std::string one =
      R"({"results": [{"plugin_id": "clock", "result": "up_to_date", "message": "1 is the latest"}]})";
  EXPECT_EQ(sentence_of(ended(OperationState::done, one)), "clock is already up to date: 1 is the latest");
  const Outcome many = outcome_of(ended(OperationState::failed, R"({"results": [
      {"plugin_id": "clock", "result": "updated", "message": "2 is in the place of 1", "n": 7},
      {"plugin_id": "lamp", "result": "failed", "reason": "refused", "message": "it is another plugin"}]})"));
  EXPECT_EQ(many.message, "1 updated, 1 not updated: lamp (it is another plugin)");
  EXPECT_EQ(many.history, std::vector<std::int64_t>{7});
  EXPECT_TRUE(many.changed);
  ASSERT_TRUE(many.error);
}

TEST(OperationWords, F138_why_one_was_not_updated_is_an_error_of_its_kind) {
  const auto code_at = [](const std::string& reason) {
    return outcome_of(
               ended(OperationState::failed, R"({"results": [{"plugin_id": "clock", "result": "failed", "reason": ")" +
                                                 reason + R"(", "message": "so"}]})"))
        .error->code;
  };
  EXPECT_EQ(code_at("not_installed"), ErrorCode::not_found);
  EXPECT_EQ(code_at("not_found"), ErrorCode::not_found);
  EXPECT_EQ(code_at("unreadable"), ErrorCode::unreadable);
  EXPECT_EQ(code_at("edited_by_owner"), ErrorCode::conflict);
}

TEST(OperationWords, what_failed_without_a_word_still_says_something) {
  EXPECT_EQ(sentence_of(ended(OperationState::failed, "", "trueup: no luck\nmore")),
            "update of clock failed: trueup: no luck");
  EXPECT_NE(sentence_of(ended(OperationState::failed, "")).find("did not come to its end"), std::string::npos);
  EXPECT_NE(sentence_of(ended(OperationState::cancelled, "")).find("called off"), std::string::npos);
}

TEST(OperationWords, the_bar_of_a_download_shows_how_far_it_is_and_that_it_is_not_known_where_it_is_not) {
  const auto shown = [](std::optional<int> percent) {
    service::Snapshot snapshot;
    snapshot.operations.push_back({.id = 1,
                                   .request = {.words = {"update", "clock"}, .plugin_id = "clock"},
                                   .state = OperationState::running,
                                   .progress = "downloading clock: 29 % (2.0 MB of 7.0 MB, 5 s left)",
                                   .percent = percent});
    Knowledge knowledge;
    knowledge.daemon = std::make_shared<service::Snapshot>(std::move(snapshot));
    return render("plugins", plugins_view(knowledge));
  };
  EXPECT_THAT(shown(29), testing::HasSubstr("max=\"100\" value=\"29\""));
  EXPECT_THAT(shown(29), testing::HasSubstr("29 % (2.0 MB of 7.0 MB, 5 s left)"));
  EXPECT_THAT(shown(0), testing::HasSubstr("value=\"0\""));
  EXPECT_THAT(shown({}), testing::Not(testing::HasSubstr("value=\"")));
}

}  // namespace
}  // namespace trueup::web
