// What status, plan and reconcile say in the same way. Only for the renderers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/text.h"
#include "cli/views.h"

namespace trueup::cli {

/// How much is said of one finding.
enum class Detail { what_why_next, what_next, next };

/// "plugin-repos has nothing of that name; config/config.json has a section for it".
std::string evidence_text(const std::vector<model::Evidence>& all);

/// The description without the words of the original.
std::string in_plain_words(const model::Inconsistency& finding);

/// The steps of a plan by the finding they mend. Requires: the plan outlives it.
class StepIndex {
 public:
  explicit StepIndex(const model::Plan& plan);
  [[nodiscard]] std::span<const model::Step* const> of(const model::Inconsistency& finding) const;

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t count = 0;
  };
  std::vector<const model::Step*> steps_;  // those of one finding stand together
  std::unordered_map<std::string_view, Range> ranges_;
};

/// "install weather 2.0.0 from /mnt/registry, then ...", or nothing.
std::string steps_text(const model::Inconsistency& finding, const StepIndex& steps);

/// What happens next with a finding: what the steps of the plan will do, or the finding's advice.
std::string next_of(const model::Inconsistency& finding, const StepIndex& steps);

/// A finding as lines: a mark, what, why, and "-> next" on a line of its own; one line in a pipe.
std::string problem_text(const model::Inconsistency& finding, const std::string& next, Detail detail,
                         const Terminal& terminal);

/// A kind of finding in the words of a group: "plugins are in config but not on disk". Findings with the same headline
/// are one group.
std::string_view headline(const model::Inconsistency& finding);

/// Left alone because the owner took the repair back or asked not to be told.
bool is_held_by_owner(const model::Inconsistency& finding);

/// Why a step is held, for a person.
std::string held_text(const std::string& held);

/// The command again, with the options that it was started with. "trueup reconcile"
std::string command_text(const PassView& pass, std::string_view command);

std::string section_title(const Terminal& terminal, std::string_view title);

}  // namespace trueup::cli
