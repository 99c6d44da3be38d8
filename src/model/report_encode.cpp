#include <concepts>
#include <type_traits>

#include "json/write.h"
#include "model/report.h"
#include "model/report_fields.h"
#include "model/report_names.h"

namespace trueup::model {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

class Encoder {
 public:
  explicit Encoder(const Scrub& scrub) : scrub_(scrub) {}

  std::string encode(Report& report) {
    out_.begin_object();
    out_.key("trueup_report").integer(kReportSchema);
    fields(*this, report);
    out_.end_object();
    return std::move(out_).text() + "\n";
  }

  template <typename Value>
  void field(std::string_view name, Value& value) {
    if (is_nothing(value)) return;
    out_.key(name);
    write(value);
  }
  void json(std::string_view name, std::string& text) { field(name, text); }

 private:
  static bool is_nothing(bool value) { return !value; }
  template <std::integral Number>
  static bool is_nothing(Number value) {
    return value == 0;
  }
  static bool is_nothing(const std::string& value) { return value.empty(); }
  template <typename Value>
  static bool is_nothing(const std::vector<Value>& value) {
    return value.empty();
  }
  template <MayBeNothing Value>
  static bool is_nothing(const Value& value) {
    return !value.has_value();
  }
  template <typename Value>
    requires(!std::integral<Value> && !MayBeNothing<Value>)
  static bool is_nothing(const Value&) {
    return false;
  }

  void write(bool value) { out_.boolean(value); }
  template <std::integral Number>
  void write(Number value) {
    out_.integer(static_cast<std::int64_t>(value));
  }
  void write(std::string& value) {
    const std::string text = scrub_(std::move(value));
    if (json::is_text(text)) {
      out_.string(text);
      return;
    }
    // A file name may be any bytes; they come back as they were.
    std::string hex;
    for (const char c : text) {
      hex += kHex[static_cast<unsigned char>(c) >> 4U];
      hex += kHex[static_cast<unsigned char>(c) & 0xFU];
    }
    out_.begin_object().key("bytes").string(hex).end_object();
  }
  template <MayBeNothing Value>
  void write(Value& value) {
    write(*value);
  }
  template <typename List>
    requires requires(List& list) { list.begin(); }
  void write(List& list) {
    out_.begin_array();
    for (auto& value : list) write(value);
    out_.end_array();
  }
  template <typename Value>
    requires std::is_enum_v<Value>
  void write(Value value) {
    out_.string(names_of<Value>()[static_cast<std::size_t>(value)]);
  }
  template <typename Value>
    requires std::is_class_v<Value> && (!MayBeNothing<Value>) && (!requires(Value& list) { list.begin(); })
  void write(Value& value) {
    out_.begin_object();
    fields(*this, value);
    out_.end_object();
  }

  const Scrub& scrub_;
  json::Writer out_{{.indent = 1}};
};

}  // namespace

std::string encode_report(Report report, const Scrub& scrub) { return Encoder(scrub).encode(report); }

}  // namespace trueup::model
