// Our reader, writer, equality and text against Python's own json, str() and ==: Python is the judge, run once a test.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "json/canonical.h"
#include "json/document.h"
#include "json/write.h"
#include "support/command.h"
#include "support/files.h"
#include "support/random_json.h"
#include "support/test_data.h"

namespace trueup {
namespace {

using json::Document;
using json::Kind;
using json::Value;

/// Reads every file of a directory in the order of their names; prints one JSON list of what it made of them.
constexpr const char* kReader = R"(
import json, os, sys
answers = []
for name in sorted(os.listdir(sys.argv[1])):
    try:
        with open(os.path.join(sys.argv[1], name), encoding='utf-8') as file:
            value = json.load(file)
        answers.append([json.dumps(value), json.dumps(value, indent=4, sort_keys=True), str(value)])
    except (ValueError, RecursionError):
        answers.append(None)
print(json.dumps(answers))
)";

constexpr const char* kComparer = R"(
import json, sys
values = [json.loads(text) for text in json.load(open(sys.argv[1]))]
print(json.dumps([[a == b for b in values] for a in values]))
)";

constexpr const char* kPrintable = R"(
print(''.join('01'[chr(c).isprintable()] for c in range(0x110000)))
)";

Document python(const char* script, const std::string& argument) {
  const auto result = test::run_command({"python3", "-c", script, argument});
  EXPECT_EQ(result.exit_status, 0) << result.errors;
  auto document = Document::parse(result.output);
  EXPECT_TRUE(document.has_value());
  return *document;
}

/// `value` as json.dumps of the loaded value: numbers are respelled, too.
void dump(json::Writer& out, Value value) {
  switch (value.kind()) {
    case Kind::object:
      out.begin_object();
      for (const auto& member : value.members()) {
        out.key(member.key);
        dump(out, member.value);
      }
      out.end_object();
      return;
    case Kind::array:
      out.begin_array();
      for (const Value element : value.elements()) dump(out, element);
      out.end_array();
      return;
    case Kind::number:
      if (value.is_integer()) {
        out.raw(value.text() == "-0" ? "0" : value.text());
      } else {
        out.number(*value.number());
      }
      return;
    case Kind::string: out.string(*value.string()); return;
    case Kind::boolean: out.boolean(*value.boolean()); return;
    case Kind::null: out.null(); return;
  }
}

std::string dumped(Value value, json::Layout layout) {
  json::Writer out(layout);
  dump(out, value);
  return std::move(out).text();
}

/// Compares verdict, both layouts and str() for every file.
void expect_as_python(const std::filesystem::path& directory, std::size_t& read, std::size_t& refused) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const Document answers = python(kReader, directory.string());
  auto answer = answers.root().elements().begin();
  for (const auto& file : files) {
    const std::string text = test::read_file(file);
    const auto document = Document::parse(text);
    const Value theirs = *answer;
    ++answer;
    ASSERT_EQ(document.has_value(), theirs.is_array())
        << file << (document ? "" : ": " + document.error().text()) << "\n"
        << text.substr(0, 400);
    ++(document ? read : refused);
    if (!document) continue;
    EXPECT_EQ(dumped(document->root(), {}), theirs.at(0)->string()) << text;
    EXPECT_EQ(dumped(document->root(), {.indent = 4, .sort_keys = true}), theirs.at(1)->string()) << text;
    EXPECT_EQ(json::python_repr(document->root()), theirs.at(2)->string()) << text;
  }
}

std::vector<std::uint8_t> random_bytes(std::mt19937_64& random) {
  std::vector<std::uint8_t> bytes(random() % 400);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(JsonPython, reads_random_documents_as_python_does) {
  test::TempDirectory directory;
  std::mt19937_64 random(1);
  for (int i = 0; i < 1500; ++i) {
    test::Choices choices(random_bytes(random));
    test::write_file(directory.path() / std::to_string(100'000 + i), test::random_document(choices));
  }
  std::size_t read = 0;
  std::size_t refused = 0;
  expect_as_python(directory.path(), read, refused);
  EXPECT_EQ(read, 1500U);
}

TEST(JsonPython, refuses_damaged_documents_exactly_where_python_does) {
  test::TempDirectory directory;
  std::mt19937_64 random(2);
  for (int i = 0; i < 3000; ++i) {
    test::Choices choices(random_bytes(random));
    test::Choices damage(random_bytes(random));
    test::write_file(directory.path() / std::to_string(100'000 + i),
                     test::damaged(test::random_document(choices), damage));
  }
  std::size_t read = 0;
  std::size_t refused = 0;
  expect_as_python(directory.path(), read, refused);
  EXPECT_GT(read, 200U);
  EXPECT_GT(refused, 1500U);
}

TEST(JsonPython, agrees_on_the_json_parsing_suite) {
  const auto suite = test::test_data("json-parsing/test_parsing");
  if (!suite) GTEST_SKIP() << "skipped: the JSON parsing suite is not there (json-parsing of the test data)";
  std::size_t read = 0;
  std::size_t refused = 0;
  expect_as_python(*suite, read, refused);
  EXPECT_EQ(read + refused, 318U);
  for (const auto& entry : std::filesystem::directory_iterator(*suite)) {
    const auto strict = Document::parse(test::read_file(entry.path()), json::Dialect::strict);
    const char kind = entry.path().filename().string().front();
    if (kind == 'i') continue;  // implementations may differ
    EXPECT_EQ(strict.has_value(), kind == 'y') << entry.path() << (strict ? "" : strict.error().text());
  }
}

TEST(JsonPython, compares_as_python_does) {
  const std::vector<std::string> values = {"1",
                                           "1.0",
                                           "true",
                                           "0",
                                           "-0",
                                           "0.0",
                                           "-0.0",
                                           "false",
                                           "null",
                                           "\"\"",
                                           "\"1\"",
                                           "\"a\"",
                                           "\"\\u0061\"",
                                           "[]",
                                           "{}",
                                           "[1]",
                                           "[1.0]",
                                           "[true]",
                                           "[[]]",
                                           "NaN",
                                           "[NaN]",
                                           "{\"a\": NaN}",
                                           "Infinity",
                                           "1e999",
                                           "-Infinity",
                                           "9007199254740993",
                                           "9007199254740993.0",
                                           "9007199254740992",
                                           "10000000000000000000000",
                                           "1e22",
                                           "1e23",
                                           "100000000000000000000000",
                                           "99999999999999991611392",
                                           "{\"a\": 1, \"b\": 2}",
                                           "{\"b\": 2.0, \"a\": true}",
                                           "{\"a\": 1, \"a\": 2}",
                                           "{\"a\": 2}",
                                           "0.5",
                                           "5e-1",
                                           "5e-324",
                                           "1e-400",
                                           "\"\\ud800\"",
                                           "[null, 1]",
                                           "[1, null]"};
  test::TempDirectory directory;
  json::Writer list;
  list.begin_array();
  for (const auto& value : values) list.string(value);
  list.end_array();
  test::write_file(directory.path() / "values", std::move(list).text());
  const Document answers = python(kComparer, (directory.path() / "values").string());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto a = Document::parse(values[i]);
    for (std::size_t j = 0; j < values.size(); ++j) {
      const auto b = Document::parse(values[j]);
      EXPECT_EQ(json::python_equal(a->root(), b->root()), answers.root().at(i)->at(j)->boolean())
          << values[i] << " == " << values[j];
    }
  }
}

TEST(JsonPython, escapes_in_repr_what_python_does_not_print) {
  const auto version = test::run_command({"python3", "-c", "import unicodedata; print(unicodedata.unidata_version)"});
  if (version.output != "14.0.0\n") GTEST_SKIP() << "skipped: this python3 has another Unicode than the table";
  const auto result = test::run_command({"python3", "-c", kPrintable});
  ASSERT_EQ(result.output.size(), 0x110001U);
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const auto document = Document::parse("[" + json::quote(text) + "]");
    const bool bare = json::python_repr(document->root()) == "['" + text + "']";
    const bool special = c == U'\\' || c == U'\'';
    if (special) continue;
    ASSERT_EQ(bare, result.output[c] == '1') << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace trueup
