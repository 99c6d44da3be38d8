// `trueup check DIR`: the remarks on one plugin's directory, for its author. Reads that directory and nothing else.
#include <fmt/core.h>

#include "cli/json_output.h"
#include "cli/render_json.h"
#include "cli/root.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "sources/plugin_check.h"

namespace trueup::cli {
namespace {

using sources::Remark;

std::string_view word_of(Remark::Weight weight) {
  switch (weight) {
    case Remark::Weight::problem: return "problem";
    case Remark::Weight::advice: return "advice";
  }
  return "problem";
}

void write_json(const std::vector<Remark>& remarks, const std::string& directory, Sink& out) {
  JsonOutput json(out);
  json.begin_object().key("directory").text(directory).key("remarks").begin_array();
  for (const Remark& remark : remarks) {
    json.begin_object().key("column").number(static_cast<std::int64_t>(remark.column));
    json.key("file").text(remark.file).key("line").number(static_cast<std::int64_t>(remark.line));
    json.key("says").text(remark.says).key("weight").text(word_of(remark.weight)).end_object();
  }
  json.end_array().key("schema").number(kJsonSchema).end_object().finish();
}

std::string words_for(const std::vector<Remark>& remarks, const Terminal& terminal) {
  std::string out;
  for (const Remark& remark : remarks) {
    const bool bad = remark.weight == Remark::Weight::problem;
    std::string place = shown(remark.file);
    if (remark.line > 0) place += fmt::format(":{}:{}", remark.line, remark.column);
    out +=
        fmt::format("{}: {}: {}\n", place,
                    painted(terminal, bad ? Colour::bad : Colour::warning, word_of(remark.weight)), shown(remark.says));
  }
  if (remarks.empty()) out = painted(terminal, Colour::good, "Nothing to remark.") + "\n";
  return out;
}

}  // namespace

Result<Outcome> run_check(const Invocation& invocation, const Machine& machine, Console& console) {
  const std::string path = absolute_path(invocation.file, machine.working_directory);
  ASSIGN_OR_RETURN(const auto plugin, machine.file_system.open_root_for_reading(path));
  ASSIGN_OR_RETURN(const std::string real, plugin->real_path("."));
  ASSIGN_OR_RETURN(const auto files, sources::read_plugin_files(*plugin, real.substr(real.find_last_of('/') + 1)));
  const std::vector<Remark> remarks = sources::check_plugin(files);
  if (invocation.json) {
    write_json(remarks, invocation.file, console.out);
  } else {
    console.out.write(words_for(remarks, console.terminal));
  }
  Outcome outcome;
  for (const Remark& remark : remarks) outcome.person_needed |= remark.weight == Remark::Weight::problem;
  return outcome;
}

}  // namespace trueup::cli
