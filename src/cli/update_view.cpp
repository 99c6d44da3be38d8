#include "cli/update_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cli/json_output.h"
#include "cli/render_json.h"
#include "cli/text.h"

namespace trueup::cli {
namespace {

using engine::UpdateResult;
using Kind = UpdateResult::Kind;

Colour colour_of(Kind kind) {
  switch (kind) {
    case Kind::updated: return Colour::good;
    case Kind::failed: return Colour::bad;
    case Kind::up_to_date:
    case Kind::skipped: break;
  }
  return Colour::plain;
}

std::string_view words_of(Kind kind, std::string_view done) {
  switch (kind) {
    case Kind::updated: return done;
    case Kind::up_to_date: return "up to date";
    case Kind::skipped: return "left alone";
    case Kind::failed: return "failed";
  }
  return "";
}

std::size_t count(const engine::UpdateReport& report, Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(report.results, kind, &UpdateResult::kind));
}

std::string summary(const engine::UpdateReport& report, std::string_view done) {
  std::string text;
  for (const Kind kind : {Kind::updated, Kind::up_to_date, Kind::skipped, Kind::failed}) {
    const std::size_t number = count(report, kind);
    if (number == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, words_of(kind, done));
  }
  return text.empty() ? "There is no plugin of that kind.\n" : text + ".\n";
}

void write_result(JsonOutput& json, const UpdateResult& result, std::string_view done) {
  json.begin_object().key("directory").text(result.directory);
  json.key("installed_version").text(result.installed_version).key("message").text(result.says).key("n");
  if (result.n) {
    json.number(*result.n);
  } else {
    json.null();
  }
  json.key("notes").begin_array();
  for (const std::string& note : result.notes) json.text(note);
  json.end_array();
  json.key("offered_version").text(result.offered_version).key("origin").text(result.origin);
  json.key("plugin_id").text(result.plugin_id).key("reason").text(result.reason);
  json.key("result")
      .text(result.kind == Kind::updated ? done : engine::to_string(result.kind))
      .key("version")
      .text(result.version)
      .end_object();
}

}  // namespace

std::string render_results(const engine::UpdateReport& report, std::string_view done, const Terminal& terminal) {
  std::string out;
  for (const UpdateResult& result : report.results) {
    std::string line = fmt::format("{}: {}", shown(result.plugin_id), words_of(result.kind, done));
    if (!result.says.empty()) line += fmt::format(": {}", shown(result.says));
    out += hanging(terminal, "", 2, as_sentence(line), colour_of(result.kind));
    for (const std::string& note : result.notes) out += hanging(terminal, "  ", 2, as_sentence(shown(note)));
    if (result.n) {
      out += hanging(terminal, "  ", 2,
                     fmt::format("Number {0} in history: `trueup undo {0}` takes it back.", *result.n), Colour::dim);
    }
  }
  for (const std::string& note : report.notes) out += hanging(terminal, "", 2, as_sentence(shown(note)));
  if (report.results.size() != 1) out += summary(report, done);
  return out;
}

void write_results_json(const engine::UpdateReport& report, std::string_view verb, std::string_view done, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("notes").begin_array();
  for (const std::string& note : report.notes) json.text(note);
  json.end_array().key("results").begin_array();
  for (const UpdateResult& result : report.results) write_result(json, result, done);
  json.end_array().key("schema").number(kJsonSchema).key("successful").boolean(!report.failed());
  json.key("verb").text(verb).end_object().finish();
}

}  // namespace trueup::cli
