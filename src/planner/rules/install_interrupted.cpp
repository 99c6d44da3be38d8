// plugin_install_interrupted: something began to change a plugin and did not end. Our own unfinished transactions are
// finished or taken back by the next writing command; what other programs set aside is evidence and stays (F72).
#include <fmt/core.h>

#include "model/plugin_id.h"
#include "planner/rule.h"

namespace trueup::planner {
namespace {

using model::InconsistencyType;
using model::Source;

void check_journal(const Context& context, Output& out) {
  std::size_t number = 0;
  for (const std::string& what : context.observation.ledger.interrupted) {
    auto found = finding(InconsistencyType::plugin_install_interrupted, "trueup", "own_journal",
                         fmt::format("An earlier trueup was interrupted: {}", what));
    found.finding = model::finding_id(found.inconsistency_type, "trueup", std::to_string(++number));
    found.current_state = {{"finished", "false"}};
    found.expected_state = {{"finished", "true"}};
    found.evidence = {{".trueup/journal", what}};
    found.advice = "the next command that writes finishes it or takes it back by itself";
    auto step = step_for(found, model::StepAction::finish_interrupted, "finish or take back what was interrupted");
    out.push_back(mended_by(std::move(found), {std::move(step)}));
  }
}

void check_asides(const Context& context, Output& out) {
  for (const model::Aside& aside : context.observation.disk.asides) {
    const std::string path = context.observation.disk.path + "/" + aside.name;
    auto found = finding(InconsistencyType::plugin_install_interrupted, aside.owner, "aside_left_over",
                         fmt::format("A set-aside copy of plugin {} was left behind: {}", aside.owner, aside.name));
    found.finding = model::finding_id(found.inconsistency_type, aside.owner, aside.name);
    found.evidence = {{path, aside.complete ? fmt::format("a complete copy of {} {}", aside.id, aside.version)
                                            : fmt::format("not a complete copy: {}", aside.problem)}};
    const Situation* owner = context.situations.find(context.situations.resolve(aside.owner));
    if (owner != nullptr && owner->installed()) {
      out.push_back(left_alone(std::move(found), "the plugin itself stands; the copy is kept until you delete it"));
    } else {
      out.push_back(for_a_person(std::move(found),
                                 fmt::format("the plugin itself is {}: rename `{}` to `{}` to bring this copy back",
                                             owner != nullptr && owner->directory() != nullptr ? "damaged" : "gone",
                                             aside.name, aside.owner)));
    }
  }
}

void check(const Context& context, Output& out) {
  check_journal(context, out);
  if (context.observation.reading(Source::disk).known()) check_asides(context, out);
}

}  // namespace

const Rule kInstallInterrupted{
    .type = InconsistencyType::plugin_install_interrupted,
    .says =
        "Something began to change a plugin and did not end: our own is finished or taken back, a copy that "
        "another program set aside is reported and kept.",
    .whole = check};

}  // namespace trueup::planner
