#include <fmt/core.h>

#include <concepts>
#include <type_traits>
#include <utility>

#include "base/limits.h"
#include "json/document.h"
#include "model/plugin_id.h"
#include "model/report.h"
#include "model/report_fields.h"
#include "model/report_names.h"

namespace trueup::model {
namespace {

/// Reads the members of one object; the first thing that is wrong stops everything.
class Decoder {
 public:
  Decoder(json::Value object, std::optional<Error>& error) : object_(object), error_(error) {}

  template <typename Value>
  void field(std::string_view name, Value& value) {
    if (error_) return;
    if (const auto member = object_.find(name)) read(name, *member, value);
  }

  /// A string that others print as JSON: it must be some.
  void json(std::string_view name, std::string& text) {
    if (error_) return;
    const auto member = object_.find(name);
    if (!member) return;
    read(name, *member, text);
    if (error_ || text.empty() || text == kNotShown) return;
    if (const auto parsed = json::Document::parse(text); !parsed) wrong(name, *member, "holds no JSON text");
  }

 private:
  void wrong(std::string_view name, json::Value value, std::string_view what) {
    const json::LineColumn place = value.line_column();
    error_ = Error{.code = ErrorCode::unreadable,
                   .message = fmt::format("line {}, column {}: `{}` {}", place.line, place.column, name, what)};
  }

  void read(std::string_view name, json::Value from, bool& value) {
    const auto read = from.boolean();
    if (!read) return wrong(name, from, "is neither true nor false");
    value = *read;
  }
  template <std::integral Number>
  void read(std::string_view name, json::Value from, Number& value) {
    const auto read = from.integer();
    if (!read || *read < 0 || !std::in_range<Number>(*read))
      return wrong(name, from, "is no number that belongs there");
    value = static_cast<Number>(*read);
  }
  void read(std::string_view name, json::Value from, std::string& value) {
    if (from.is_object()) return read_bytes(name, from, value);
    auto text = from.string();
    if (!text) return wrong(name, from, "is no text");
    value = std::move(*text);
  }
  void read_bytes(std::string_view name, json::Value from, std::string& value) {
    const auto member = from.find("bytes");
    const std::string hex = member ? member->string().value_or("") : "";
    const auto digit = [](char c) { return std::string_view("0123456789abcdef").find(c); };
    if (hex.empty() || hex.size() % 2 != 0) return wrong(name, from, "is no text");
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      const std::size_t high = digit(hex[i]);
      const std::size_t low = digit(hex[i + 1]);
      if (high > 15 || low > 15) return wrong(name, from, "is no text");
      value += static_cast<char>(high * 16 + low);
    }
  }
  template <MayBeNothing Value>
  void read(std::string_view name, json::Value from, Value& value) {
    read(name, from, value.emplace());
  }
  template <typename Value>
  void read(std::string_view name, json::Value from, std::vector<Value>& list) {
    if (!from.is_array()) return wrong(name, from, "is no list");
    list.reserve(from.size());
    for (const json::Value element : from.elements()) {
      read(name, element, list.emplace_back());
      if (error_) return;
    }
  }
  template <typename Value, std::size_t Size>
  void read(std::string_view name, json::Value from, std::array<Value, Size>& list) {
    if (!from.is_array() || from.size() != Size) return wrong(name, from, fmt::format("is no list of {}", Size));
    std::size_t i = 0;
    for (const json::Value element : from.elements()) read(name, element, list[i++]);
  }
  template <typename Value>
    requires std::is_enum_v<Value>
  void read(std::string_view name, json::Value from, Value& value) {
    const auto text = from.string();
    const auto names = names_of<Value>();
    const auto found = text ? std::find(names.begin(), names.end(), *text) : names.end();
    if (found == names.end()) return wrong(name, from, "is none of the words that belong there");
    value = static_cast<Value>(found - names.begin());
  }
  template <typename Value>
    requires std::is_class_v<Value> && (!MayBeNothing<Value>)
  void read(std::string_view name, json::Value from, Value& value) {
    if (!from.is_object()) return wrong(name, from, "is no object");
    Decoder inner(from, error_);
    fields(inner, value);
  }

  json::Value object_;
  std::optional<Error>& error_;
};

/// What the readers of an installation always keep to, and the planner and the printers rely on.
bool keeps_its_word(const Observation& observation) {
  const auto sound = [](const EnabledSetting& enabled) {
    switch (enabled.kind) {
      case EnabledSetting::Kind::absent: return enabled.text.empty();
      case EnabledSetting::Kind::on: return enabled.text == "true";
      case EnabledSetting::Kind::off: return enabled.text == "false";
      case EnabledSetting::Kind::wrong_type: return !enabled.text.empty();
    }
    return false;
  };
  for (const auto* sections :
       {&observation.config.sections, &observation.config.secrets, &observation.config.templates}) {
    for (const Section& section : *sections) {
      if (!sound(section.enabled)) return false;
    }
  }
  for (const auto* sections : {&observation.config.sections, &observation.config.templates}) {
    for (const Section& section : *sections) {
      if (section.enabled.text == kNotShown) return false;
    }
  }
  for (const StateRecord& record : observation.state) {
    if (record.text == kNotShown || record.enabled_text == kNotShown) return false;
    if (record.enabled && record.enabled_text != (*record.enabled ? "true" : "false")) return false;
  }
  for (const PluginDirectory& directory : observation.disk.directories) {
    if (directory.manifest == ManifestVerdict::good && !PluginId::parse(directory.id)) return false;
  }
  return true;
}

}  // namespace

Result<Report> decode_report(std::string bytes) {
  if (bytes.size() > limits::kMaxReportBytes) {
    return Error{.code = ErrorCode::unreadable, .message = "it is larger than any report"};
  }
  ASSIGN_OR_RETURN(const json::Document document, json::Document::parse(std::move(bytes), json::Dialect::strict));
  const auto schema = document.root().find("trueup_report");
  if (!schema) return Error{.code = ErrorCode::unreadable, .message = "this is no report of `trueup report`"};
  if (schema->integer() != kReportSchema) {
    return Error{.code = ErrorCode::unsupported, .message = "the report was made by a newer trueup"};
  }
  std::optional<Error> error;
  Report report;
  Decoder decoder(document.root(), error);
  fields(decoder, report);
  if (error) return std::move(*error);
  for (std::size_t i = 0; i < kAllSources.size(); ++i) {
    if (report.observation.sources[i].source != kAllSources[i]) {
      return Error{.code = ErrorCode::unreadable, .message = "its sources are not in their order"};
    }
  }
  if (!keeps_its_word(report.observation)) {
    return Error{.code = ErrorCode::unreadable, .message = "it contradicts itself: no installation can be so"};
  }
  return report;
}

}  // namespace trueup::model
