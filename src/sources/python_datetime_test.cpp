#include "sources/python_datetime.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "support/command.h"

namespace trueup::sources {
namespace {

TEST(PythonTimestamp, what_LEDMatrix_writes_is_read) {
  for (const std::string_view good :
       {"2026-03-26T10:15:02.123456", "2026-03-26T10:15:02", "2026-03-26", "2026-03-26 10:15", "2024-02-29T00:00:00",
        "2026-03-26T10:15:02Z", "2026-03-26T10:15:02.5+02:00", "20260326T101502", "2026-W13-4"}) {
    EXPECT_TRUE(python_reads_timestamp(good)) << good;
  }
}

TEST(PythonTimestamp, what_python_refuses_is_refused) {
  for (const std::string_view bad :
       {"", "yesterday", "2025-13-01", "2023-02-29", "2026-03-26T", "2026-03-26T24:00:00", "2026-03-26T10:60",
        "26-03-2026", "2026-3-6", "2026-03-26T10:15:02 ", "2026-03-26T10:15:02+24:00", "0000-01-01", "2026-W54-1"}) {
    EXPECT_FALSE(python_reads_timestamp(bad)) << bad;
  }
}

const std::vector<std::string>& starting_points() {
  static const std::vector<std::string> texts{"2026-03-26T10:15:02.123456",
                                              "20260326T101502,5",
                                              "2026-W13-4T10:15",
                                              "2026W134",
                                              "2026W13",
                                              "2026-W13-10:11",
                                              "2020-W53-7",
                                              "9999-W52-5",
                                              "9999-W52-6",
                                              "0001-W01-1",
                                              "2026-03-26T10:15:02+02:00",
                                              "2026-03-26T10:15:02Z",
                                              "2026-03-26T10:15:02.123456-23:59:59.999999",
                                              "2026-03-26T10:15:02.1234567xyz+00",
                                              std::string("2026-03-26T10:15:02\0", 20),
                                              "2024-02-29",
                                              ("2026-03-26\xed\xa0\x80"
                                               "10:15"),
                                              ("2026-03-26\xe2\x82\xac"
                                               "10:15")};
  return texts;
}

/// Whole characters only: a JSON string cannot hold half of one.
const std::vector<std::string>& characters() {
  static const std::vector<std::string> all{"0",
                                            "1",
                                            "2",
                                            "3",
                                            "4",
                                            "5",
                                            "6",
                                            "7",
                                            "8",
                                            "9",
                                            "-",
                                            ":",
                                            "+",
                                            "T",
                                            "Z",
                                            "W",
                                            ".",
                                            ",",
                                            " ",
                                            "x",
                                            std::string(1, '\0'),
                                            "\xed\xa0\x80",
                                            "\xc3\xa9",
                                            "\xf0\x9f\x98\x80"};
  return all;
}

std::vector<std::string> many_texts(int count) {
  std::mt19937 random(20260326);  // NOLINT(cert-msc51-cpp): the same texts in every run
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  const auto is_boundary = [](const std::string& text, std::size_t at) {
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
  };
  std::vector<std::string> texts = starting_points();
  while (static_cast<int>(texts.size()) < count) {
    std::string text = starting_points()[below(starting_points().size())];
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      std::size_t at = below(text.size() + 1);
      while (!is_boundary(text, at)) ++at;
      std::size_t end = at < text.size() ? at + 1 : at;
      while (!is_boundary(text, end)) ++end;
      const std::string& character = characters()[below(characters().size())];
      switch (below(4)) {
        case 0: text.insert(at, character); break;
        case 1: text.replace(at, end - at, character); break;
        case 2: text.erase(at, end - at); break;
        default: text.resize(at); break;
      }
    }
    texts.push_back(text);
  }
  return texts;
}

std::string hex(const std::string& text) {
  std::string out;
  for (const char c : text) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

TEST(PythonTimestamp, agrees_with_python_itself_on_5000_texts) {
  if (test::run_command({"python3", "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"}).exit_status != 0) {
    GTEST_SKIP() << "skipped: this needs Python 3.11, whose answers are the measure";
  }
  const auto texts = many_texts(5'000);
  std::string input;
  for (const auto& text : texts) input += hex(text) + "\n";
  const auto python = test::run_command({"python3", "-c",
                                         "import sys\n"
                                         "from datetime import datetime\n"
                                         "for line in sys.stdin:\n"
                                         "  try:\n"
                                         "    datetime.fromisoformat(bytes.fromhex(line).decode('utf-8', "
                                         "'surrogatepass'))\n"
                                         "    sys.stdout.write('1')\n"
                                         "  except ValueError:\n"
                                         "    sys.stdout.write('0')\n"},
                                        {.input = input});
  ASSERT_EQ(python.output.size(), texts.size()) << python.errors;
  std::size_t read = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(python_reads_timestamp(texts[i]), python.output[i] == '1') << hex(texts[i]);
    if (python.output[i] == '1') ++read;
  }
  EXPECT_GT(read, texts.size() / 20);  // both answers were really asked for
}

}  // namespace
}  // namespace trueup::sources
