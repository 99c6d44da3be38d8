#include "json/document.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace trueup::json {
namespace {

Document parsed(std::string text) {
  auto document = Document::parse(std::move(text));
  EXPECT_TRUE(document.has_value()) << document.error().text();
  return *document;
}

std::string refusal(std::string text, Dialect dialect = Dialect::python) {
  const auto document = Document::parse(std::move(text), dialect);
  EXPECT_FALSE(document.has_value());
  return document ? "" : document.error().message;
}

TEST(Document, gives_each_value_with_its_kind_and_its_own_bytes) {
  const Document document = parsed(R"({"a": [1, 2.50, true, null], "b": {"c": "x\u00e9"}})");
  const Value root = document.root();
  ASSERT_TRUE(root.is_object());
  EXPECT_EQ(root.size(), 2U);
  const Value list = *root.find("a");
  EXPECT_EQ(list.text(), "[1, 2.50, true, null]");
  EXPECT_EQ(list.at(0)->integer(), 1);
  EXPECT_EQ(list.at(1)->text(), "2.50");
  EXPECT_EQ(list.at(1)->number(), 2.5);
  EXPECT_EQ(list.at(1)->integer(), std::nullopt) << "2.50 is a float to Python";
  EXPECT_EQ(list.at(2)->boolean(), true);
  EXPECT_TRUE(list.at(3)->is_null());
  EXPECT_EQ(list.at(4), std::nullopt);
  EXPECT_EQ(root.find("b")->find("c")->string(), "x\u00e9");
  EXPECT_EQ(root.find("b")->find("d"), std::nullopt);
  EXPECT_EQ(root.find("b")->find("c")->line_column(), (LineColumn{1, 41}));
}

TEST(Document, sees_the_last_of_duplicate_keys_as_python_does_and_tells) {
  const Document document = parsed("{\"a\": 1,\n \"b\": 2,\n \"\\u0061\": 3}");
  EXPECT_EQ(document.root().size(), 2U);
  EXPECT_EQ(document.root().find("a")->integer(), 3);
  std::vector<std::string> seen;
  for (const auto& member : document.root().members()) {
    seen.push_back(std::string(member.key) + "=" + std::string(member.value.text()));
  }
  EXPECT_THAT(seen, testing::ElementsAre("a=3", "b=2"));
  ASSERT_EQ(document.notes().size(), 1U);
  EXPECT_EQ(document.notes()[0], (Note{NoteKind::duplicate_key, "a", 19, LineColumn{3, 2}}));
}

TEST(Document, finds_duplicates_in_objects_of_any_size) {
  for (const int size : {2, 15, 16, 17, 31, 32, 33, 500}) {
    std::string text = "{";
    for (int i = 0; i < size; ++i) text += fmt::format("\"k{}\": {}, ", i % (size - 1), i);
    text += "\"end\": 0}";
    const Document document = parsed(text);
    EXPECT_EQ(document.root().size(), static_cast<std::size_t>(size)) << size;
    EXPECT_EQ(document.root().find("k0")->integer(), size - 1);
    EXPECT_EQ(MemberIndex(document.root()).find("k0")->integer(), size - 1);
    EXPECT_EQ(document.notes().size(), 1U);
  }
}

TEST(Document, takes_keys_that_look_alike_for_what_they_are) {
  const Document document = parsed(R"({"abcdefg": 1, "axcdxfg": 2, "": 3, "ab": 4, "ba": 5, "axcdxfg": 6, "": 7})");
  EXPECT_EQ(document.root().size(), 5U);
  EXPECT_EQ(document.root().find("abcdefg")->integer(), 1);
  EXPECT_EQ(document.root().find("axcdxfg")->integer(), 6);
  EXPECT_EQ(document.root().find("")->integer(), 7);
}

TEST(Document, stays_good_when_it_is_moved_or_copied) {
  Document first = parsed("[\"x\"]");
  const Value element = *first.root().at(0);
  const Document second = std::move(first);
  EXPECT_EQ(element.string(), "x");
  EXPECT_EQ(second.root().text(), "[\"x\"]");
}

TEST(Document, reads_what_python_reads_beyond_the_standard) {
  const Document document = parsed(R"([NaN, Infinity, -Infinity, 1e999, "\ud800", 12345678901234567890, -0])");
  EXPECT_TRUE(std::isnan(*document.root().at(0)->number()));
  EXPECT_EQ(document.root().at(2)->number(), -HUGE_VAL);
  EXPECT_EQ(document.root().at(3)->number(), HUGE_VAL);
  EXPECT_EQ(document.root().at(4)->string(), "\xED\xA0\x80");
  EXPECT_EQ(document.root().at(5)->integer(), std::nullopt);
  EXPECT_EQ(document.root().at(5)->number(), 12345678901234567890.0);
  ASSERT_EQ(document.notes().size(), 5U);
  EXPECT_EQ(document.notes()[4].kind, NoteKind::lone_surrogate);
  for (const char* text : {"[NaN]", "[Infinity]", "[-Infinity]"}) refusal(text, Dialect::strict);
}

TEST(Document, says_in_plain_words_what_is_wrong_and_where) {
  using testing::HasSubstr;
  EXPECT_EQ(refusal(""), "line 1, column 1: the file is empty");
  EXPECT_THAT(refusal(std::string(100, '\0')), HasSubstr("zero bytes"));
  EXPECT_THAT(refusal("\xEF\xBB\xBF{}"), HasSubstr("byte order mark"));
  EXPECT_THAT(refusal("{\n  \"a\": 1,\n}"), HasSubstr("line 3, column 1: a comma stands before this '}'"));
  EXPECT_THAT(refusal("[1,]"), HasSubstr("a comma stands before this ']'"));
  EXPECT_THAT(refusal("{\"a\": 1 // one\n}"), HasSubstr("line 1, column 9: this looks like a comment"));
  EXPECT_THAT(refusal("{'a': 1}"), HasSubstr("double quotes"));
  EXPECT_THAT(refusal("{\"a\": True}"), HasSubstr("true, in small letters"));
  EXPECT_THAT(refusal("{\"a\": [1,\n"), HasSubstr("line 2, column 1: the file ends too early: the '[' that opens at "
                                                  "line 1, column 7 is never closed"));
  EXPECT_THAT(refusal("{\"\u00e4\u00f6\": \"a\n\"}"), HasSubstr("line 1, column 8: this text is not closed"));
  EXPECT_THAT(refusal("{} {}"), HasSubstr("line 1, column 4"));
  EXPECT_THAT(refusal("[\"\xC3\x28\"]"), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal("[01]"), HasSubstr("may not start with 0"));
  EXPECT_THAT(refusal("[" + std::string(4301, '1') + "]"), HasSubstr("4300 digits"));
}

TEST(Document, repeats_no_word_of_a_text_that_lacks_its_quotes) {
  const std::string said = refusal("{\"api_key\": VerySecretPassword}");
  EXPECT_THAT(said, testing::HasSubstr("line 1, column 13: a value was expected here, and text needs double quotes"));
  EXPECT_EQ(said.find("Secret"), std::string::npos) << said;
}

TEST(Document, refuses_any_depth_beyond_the_limit_without_harm) {
  EXPECT_THAT(refusal(std::string(100'000, '[')), testing::HasSubstr("nested more than 990"));
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
  EXPECT_THAT(refusal(text), testing::HasSubstr("nested more than 990"));
  parsed(std::string(990, '[') + std::string(990, ']'));
}

}  // namespace
}  // namespace trueup::json
