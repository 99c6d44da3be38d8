#include "model/report.h"

#include <gtest/gtest.h>

#include "model/report_fields.h"
#include "model/report_names.h"
#include "support/property.h"

namespace trueup::model {
namespace {

std::string as_it_is(std::string text) { return text; }

/// Fills every field of a report with something.
class Filler {
 public:
  explicit Filler(test::Choices& choices) : choices_(choices) {}

  template <typename Value>
  void field(std::string_view, Value& value) {
    fill(value);
  }
  void json(std::string_view, std::string& text) { text = choices_.one_in(3) ? "" : test::random_value(choices_); }

 private:
  void fill(bool& value) { value = choices_.one_in(2); }
  template <std::integral Number>
  void fill(Number& value) {
    value = static_cast<Number>(choices_.pick(200));
  }
  void fill(std::string& value) {
    const std::vector<std::string> texts{
        "",         "weather",      "caf\xc3\xa9", "\x1b[31m" + std::string{'\xe2', '\x80', '\xae'},
        "\xff\xfe", "\xed\xb2\x80", "\"\\\n",      "{\"a\": 1}"};
    value = texts[choices_.pick(texts.size())];
  }
  template <MayBeNothing Value>
  void fill(Value& value) {
    if (choices_.one_in(2)) fill(value.emplace());
  }
  template <typename Value>
  void fill(std::vector<Value>& list) {
    list.resize(choices_.pick(3));
    for (Value& value : list) fill(value);
  }
  void fill(std::array<SourceReading, kAllSources.size()>& readings) {
    for (std::size_t i = 0; i < readings.size(); ++i) {
      fields(*this, readings[i]);
      readings[i].source = kAllSources[i];
    }
  }
  template <typename Value>
    requires std::is_enum_v<Value>
  void fill(Value& value) {
    value = static_cast<Value>(choices_.pick(names_of<Value>().size()));
  }
  template <typename Value>
    requires std::is_class_v<Value> && (!MayBeNothing<Value>)
  void fill(Value& value) {
    fields(*this, value);
  }

  test::Choices& choices_;
};

/// What no installation can be is refused by the reader.
void make_possible(Observation& observation) {
  using Kind = EnabledSetting::Kind;
  for (auto* sections : {&observation.config.sections, &observation.config.secrets, &observation.config.templates}) {
    for (Section& section : *sections) {
      EnabledSetting& enabled = section.enabled;
      if (enabled.kind == Kind::absent) enabled.text.clear();
      if (enabled.kind == Kind::on) enabled.text = "true";
      if (enabled.kind == Kind::off) enabled.text = "false";
      if (enabled.kind == Kind::wrong_type) enabled.text = "[1]";
    }
  }
  for (StateRecord& record : observation.state) {
    if (record.enabled) record.enabled_text = *record.enabled ? "true" : "false";
  }
  for (PluginDirectory& directory : observation.disk.directories) {
    if (directory.manifest == ManifestVerdict::good) directory.id = "weather";
  }
}

TEST(Report, comes_back_as_it_was_whatever_is_in_it) {
  test::check_property(300, [](test::Choices& choices) {
    Report report;
    Filler filler(choices);
    fields(filler, report);
    make_possible(report.observation);
    const std::string text = encode_report(report, as_it_is);
    const auto decoded = decode_report(text);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == report);
    RC_ASSERT(encode_report(*decoded, as_it_is) == text);
  });
}

TEST(Report, is_plain_ascii) {
  Report report;
  report.observation.root = "/home/j\xc3\xb6rg/\x1b[2J\xff";
  for (const char c : encode_report(report, as_it_is)) EXPECT_TRUE(c == '\n' || (c >= ' ' && c < '\x7f'));
}

TEST(Report, every_text_passes_through_the_scrub) {
  Report report;
  report.observation.registry.origin = "https://secret@example.org";
  report.observation.config.sections = {{.key = "a secret", .type = "object"}};
  const std::string text = encode_report(report, [](std::string one) {
    const auto at = one.find("secret");
    return at == std::string::npos ? one : one.replace(at, 6, "***");
  });
  EXPECT_EQ(text.find("\"a secret"), std::string::npos);
  EXPECT_NE(text.find("https://***@example.org"), std::string::npos);
}

TEST(Report, says_where_a_strangers_text_is_wrong) {
  const auto message = [](std::string text) {
    const auto decoded = decode_report(std::move(text));
    return decoded ? std::string("it reads") : decoded.error().message;
  };
  EXPECT_NE(message("{").find("line 1"), std::string::npos);
  EXPECT_EQ(message("{}"), "this is no report of `trueup report`");
  EXPECT_EQ(message("[1]"), "this is no report of `trueup report`");
  EXPECT_EQ(message(R"({"trueup_report": 2})"), "the report was made by a newer trueup");
  EXPECT_EQ(message("{\"trueup_report\": 1,\n \"observation\": {\"root\": 5}}"),
            "line 2, column 26: `root` is no text");
  EXPECT_NE(message(R"({"trueup_report": 1, "observation": {"config": {"sections": [{"enabled": {"text": "{"}}]}}})")
                .find("holds no JSON text"),
            std::string::npos);
  Report impossible;
  impossible.observation.config.sections = {{.key = "a", .enabled = {EnabledSetting::Kind::wrong_type, ""}}};
  for (std::size_t i = 0; i < kAllSources.size(); ++i) impossible.observation.sources[i].source = kAllSources[i];
  EXPECT_NE(message(encode_report(impossible, as_it_is)).find("contradicts itself"), std::string::npos);
  EXPECT_NE(message(R"({"trueup_report": 1, "rules": "mine"})").find("none of the words"), std::string::npos);
}

}  // namespace
}  // namespace trueup::model
