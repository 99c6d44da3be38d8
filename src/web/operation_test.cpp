// What an operation of the daemon is in the words of the page.
#include "web/operation.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace trueup::web
