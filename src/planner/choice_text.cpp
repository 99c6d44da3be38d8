#include "planner/choice_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "model/document.h"
#include "planner/plain_words.h"

namespace trueup::planner {
namespace {

using model::DocumentName;

std::string file(DocumentName name) { return std::string(relative_path(name)); }

bool keeps_the_record(const Context& context) {
  return context.observation.web_process == model::Tristate::no &&
         context.observation.reading(model::Source::state).known();
}

/// "a, b and c"
std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

}  // namespace

std::string switch_text(const Context& context, const Situation& plugin, bool on) {
  const std::string key = fmt::format("`{}.enabled`", plugin.id);
  std::vector<std::string> places;
  const bool says_so = plugin.section != nullptr && plugin.section->enabled.choice() == on;
  if (!says_so) places.push_back(fmt::format("{} of {}", key, file(DocumentName::config)));
  const model::StateRecord* record = plugin.record;
  const bool record_differs = record != nullptr && record->problem.empty() &&
                              (record->enabled != on || record->status != (on ? "enabled" : "disabled"));
  if (record_differs && keeps_the_record(context)) {
    places.push_back(fmt::format("its record in {}", file(DocumentName::state)));
  }
  std::string out;
  if (!places.empty()) out = fmt::format("writes {} to {}", json_bool(on), joined(places));
  if (plugin.secrets != nullptr && plugin.secrets->enabled.kind != model::EnabledSetting::Kind::absent) {
    out += fmt::format("{}takes {} out of {}", out.empty() ? "" : "; ", key, file(DocumentName::secrets));
  }
  return out.empty() ? "changes nothing: it is so already" : out;
}

std::string additions_of_install(const Context& context, std::string_view id) {
  const Situation* known = context.situations.find(id);
  std::vector<std::string> parts;
  if (known == nullptr || (known->section == nullptr && known->settings_under.empty())) {
    parts.push_back(fmt::format("its section, which is off, to {}", file(DocumentName::config)));
  }
  if (keeps_the_record(context) && (known == nullptr || known->record == nullptr)) {
    parts.push_back(fmt::format("its record to {}", file(DocumentName::state)));
  }
  std::string out;
  if (!parts.empty()) out = fmt::format(", and adds {}", joined(parts));
  if (known != nullptr && known->tombstoned) {
    out += fmt::format("; {} names it no more", file(DocumentName::tombstones));
  }
  return out;
}

std::string files_of_move(const Context& context, const Situation& former, const RenameWork& work) {
  std::vector<std::string> parts;
  for (const DocumentName name : {DocumentName::config, DocumentName::secrets, DocumentName::state}) {
    const bool edited = std::ranges::find(work.edits, name, &model::DocumentEdit::document) != work.edits.end() ||
                        std::ranges::find(work.both, name) != work.both.end();
    if (edited) parts.push_back(file(name));
  }
  const auto& removed = context.observation.tombstones;
  if (std::ranges::find(removed, former.id) != removed.end()) parts.push_back(file(DocumentName::tombstones));
  if (work.uploads)
    parts.push_back(fmt::format("assets/plugins/{} (assets/plugins/{} then)", work.uploads->from, work.uploads->to));
  return joined(parts);
}

}  // namespace trueup::planner
