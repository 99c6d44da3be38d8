#include "engine/document_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

namespace trueup::engine {
namespace {

using model::DocumentEdit;
using model::DocumentName;
using Outcomes = std::vector<Outcome>;

DocumentEdit set(std::vector<std::string> path, std::optional<std::string> expected, std::optional<std::string> value,
                 DocumentName document = DocumentName::config) {
  return {.document = document, .path = std::move(path), .expected = std::move(expected), .value = std::move(value)};
}

EditedText edited(const std::optional<std::string>& text, const std::vector<DocumentEdit>& edits,
                  DocumentName document = DocumentName::config) {
  auto result = apply_edits({document, edits}, text);
  EXPECT_TRUE(result) << result.error().text();
  return result ? std::move(*result) : EditedText{};
}

TEST(DocumentEdits, changes_only_where_the_value_is_still_what_was_decided_on) {
  const auto result = edited(R"({"a": {"enabled": true}, "b": {"enabled": 1.0}})",
                             {set({"a", "enabled"}, "true", "false"), set({"b", "enabled"}, "2", "false")});
  EXPECT_EQ(result.outcomes, (Outcomes{Outcome::done, Outcome::moved}));
  EXPECT_EQ(result.text, R"({"a": {"enabled": false}, "b": {"enabled": 1.0}})");
}

TEST(DocumentEdits, never_replaces_a_section_that_appeared_in_the_meantime) {  // F31
  const std::string text = R"({"a": {"enabled": true, "leagues": ["nfl"]}})";
  const auto result = edited(text, {set({"a"}, std::nullopt, R"({"enabled": false})")});
  EXPECT_EQ(result.outcomes, Outcomes{Outcome::moved});
  EXPECT_EQ(result.text, text);
}

TEST(DocumentEdits, takes_what_another_did_already_as_done) {
  const auto result = edited(R"({"a": {"enabled":   false}})",
                             {set({"a"}, std::nullopt, R"({"enabled": false})"), set({"b"}, "{}", std::nullopt)});
  EXPECT_EQ(result.outcomes, (Outcomes{Outcome::already, Outcome::already}));
  EXPECT_FALSE(result.changed);
}

TEST(DocumentEdits, sees_its_own_earlier_edits) {
  const auto result = edited(
      R"({"z": 1})", {set({"a"}, std::nullopt, R"({"enabled": false})"), set({"a", "enabled"}, "false", "true")});
  EXPECT_EQ(result.outcomes, (Outcomes{Outcome::done, Outcome::done}));
  EXPECT_EQ(result.text, R"({"z": 1, "a": {"enabled": true}})");
}

TEST(DocumentEdits, sees_what_an_edit_of_the_whole_or_of_a_part_left) {
  const auto whole = edited(R"({"a": 1})", {set({}, R"({"a": 1})", R"({"b": 2})"), set({"b"}, "2", "3")});
  EXPECT_EQ(whole.outcomes, (Outcomes{Outcome::done, Outcome::done}));
  EXPECT_EQ(whole.text, R"({"b": 3})");
  const auto parts = edited(R"({"a": {"b": 1}, "c": 1})",
                            {set({"a", "b"}, "1", "2"), set({"c"}, "1", "2"), set({"a"}, R"({"b": 2})", std::nullopt)});
  EXPECT_EQ(parts.outcomes, (Outcomes{Outcome::done, Outcome::done, Outcome::done}));
  EXPECT_EQ(parts.text, R"({"c": 2})");
}

TEST(DocumentEdits, lays_new_sections_out_as_the_file_has_them) {
  const auto result = edited("{\n  \"a\": 1\n}\n", {set({"b"}, std::nullopt, R"({"enabled": false})")});
  EXPECT_EQ(result.text, "{\n  \"a\": 1,\n  \"b\": {\n    \"enabled\": false\n  }\n}\n");
}

TEST(DocumentEdits, goes_through_objects_and_lists_and_nothing_else) {
  const std::string text = R"({"a": "text", "b": [1,  {"c": 2}]})";
  const auto result = edited(
      text, {set({"a", "enabled"}, std::nullopt, "true"), set({"b", "7"}, "1", "2"), set({"b", "1", "c"}, "2", "3")});
  EXPECT_EQ(result.outcomes, (Outcomes{Outcome::moved, Outcome::moved, Outcome::done}));
  EXPECT_EQ(result.text, R"({"a": "text", "b": [1,  {"c": 3}]})");
}

TEST(DocumentEdits, an_unreadable_text_is_an_error_and_stays_as_it_is) {
  for (const std::string text : {"", "{", "[]", "null", "{\"a\": 1}trailing"}) {
    const std::vector<DocumentEdit> edits{set({"a"}, std::nullopt, "{}")};
    const auto result = apply_edits({DocumentName::config, edits}, text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, ErrorCode::unreadable) << text;
  }
}

TEST(DocumentEdits, begins_a_state_file_but_never_a_config_file) {
  const auto state =
      edited(std::nullopt, {set({"states", "a"}, std::nullopt, R"({"enabled": true})", DocumentName::state)},
             DocumentName::state);
  EXPECT_EQ(state.outcomes, Outcomes{Outcome::done});
  EXPECT_EQ(state.text,
            "{\n  \"version\": 1,\n  \"states\": {\n    \"a\": {\n      \"enabled\": true\n    }\n  },\n  "
            "\"last_updated\": null\n}");
  const auto config = edited(std::nullopt, {set({"a"}, std::nullopt, "{}"), set({"b"}, "{}", std::nullopt)});
  EXPECT_EQ(config.outcomes, (Outcomes{Outcome::moved, Outcome::already}));
  EXPECT_FALSE(config.changed);
}

TEST(DocumentEdits, lists_and_unlists_removed_plugins) {
  const std::vector<DocumentEdit> list{set({"b"}, std::nullopt, "true", DocumentName::tombstones)};
  const std::vector<DocumentEdit> unlist{set({"b"}, "true", std::nullopt, DocumentName::tombstones)};
  const auto begun = edited(std::nullopt, list, DocumentName::tombstones);
  EXPECT_EQ(begun.outcomes, Outcomes{Outcome::done});
  EXPECT_NE(begun.text.find("\"b\""), std::string::npos);
  const auto added = edited("[\n  \"a\",\n  7\n]", list, DocumentName::tombstones);
  EXPECT_EQ(added.text, "[\n  \"a\",\n  7,\n  \"b\"\n]");
  const auto removed = edited(added.text, unlist, DocumentName::tombstones);
  EXPECT_EQ(removed.text, "[\n  \"a\",\n  7\n]");
  EXPECT_EQ(edited(removed.text, unlist, DocumentName::tombstones).outcomes, Outcomes{Outcome::already});
}

TEST(DocumentEdits, inverse_gives_back_the_very_text_that_was_found) {
  const std::string text = "{\"a\": {\"enabled\":  1.0,\t\"x\": [1,2]}, \"z\": 0}";
  const std::vector<DocumentEdit> edits{set({"a", "enabled"}, "1.0", "true"), set({"n"}, std::nullopt, "{}")};
  const auto result = edited(text, edits);
  Applied applied{.outcomes = result.outcomes, .found = result.found};
  const auto inverse = inverse_of(edits, applied);
  auto back = apply_edits({DocumentName::config, inverse, /*lay_out=*/false}, result.text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->text, text);
}

TEST(DocumentEdits, inverse_of_some_of_many_edits_undoes_those) {
  const std::vector<DocumentEdit> edits{set({"a"}, "1", "2"), set({"b"}, "1.0", "2"), set({"c"}, "1", "2")};
  const std::span<const DocumentEdit> all(edits);
  Applied applied{.outcomes = {Outcome::moved, Outcome::done, Outcome::done}, .found = {{}, " 1.0", "1"}};
  EXPECT_THAT(inverse_of(all.subspan(1, 1), applied, 1), testing::ElementsAre(set({"b"}, "2", " 1.0")));
  EXPECT_THAT(inverse_of(all.subspan(0, 1), applied, 0), testing::IsEmpty()) << "that one was not done";
  applied.found.clear();
  EXPECT_THAT(inverse_of(all.subspan(1, 1), applied, 1), testing::ElementsAre(set({"b"}, "2", "1.0")));
}

TEST(DocumentEdits, inverse_leaves_alone_what_another_had_done) {
  const std::vector<DocumentEdit> edits{set({"a"}, "1", "2"), set({"b"}, "1", "2"), set({"c"}, "1", "2")};
  Applied applied{.outcomes = {Outcome::done, Outcome::already, Outcome::moved}};
  EXPECT_EQ(inverse_of(edits, applied).size(), 1U);
  applied.recovered = true;  // after a crash it may well have been us
  EXPECT_EQ(inverse_of(edits, applied).size(), 2U);
}

TEST(DocumentEdits, a_state_file_made_again_is_laid_out_as_the_original_does) {
  EXPECT_EQ(
      state_file_of({.entries = {{"a", R"({"plugin_id": "a", "metadata": {}})"}}}),
      "{\n  \"version\": 1,\n  \"states\": {\n    \"a\": {\n      \"plugin_id\": \"a\",\n      \"metadata\": {}\n  "
      "  }\n  },\n  \"last_updated\": null\n}");
}

}  // namespace
}  // namespace trueup::engine
