// The shape that every rule has: what it is called, which sources it needs, and a pure function.
//
// A rule states findings and the steps that would mend them. It does not ask whether it may: make_plan enforces
// `needs` and `step_needs`, holds, attempts and the blast radius for all rules alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/inconsistency.h"
#include "model/observation.h"
#include "model/source.h"
#include "model/step.h"
#include "planner/situation.h"

namespace trueup::planner {

/// What a rule says about one thing: a finding, and the steps that mend it (none: a person, or nothing, is needed).
struct Found {
  model::Inconsistency finding;
  std::vector<model::Step> steps;
};

struct Context {
  const model::Observation& observation;
  const model::Policy& policy;
  const Situations& situations;
};

using Output = std::vector<Found>;

struct Rule {
  model::InconsistencyType type;
  std::string_view says;        // one sentence for docs/rules.md
  model::SourceSet needs;       // unknown: the rule says nothing, the unreadable source stands for it
  model::SourceSet step_needs;  // unknown: the finding stands, its steps are held
  void (*each)(const Context&, const Situation&, Output&) = nullptr;  // per plugin
  void (*whole)(const Context&, Output&) = nullptr;                   // once an installation
  /// The ways in which a person can settle a finding of this rule. Asked only for findings that need one.
  std::vector<model::Option> (*options)(const Context&, const model::Inconsistency&) = nullptr;
};

/// The rules of `--rules safe`, in the order in which their steps are done.
const std::vector<Rule>& safe_rules();

extern const Rule kSourceUnreadable;
extern const Rule kInstallInterrupted;
extern const Rule kStateCorrupted;
extern const Rule kManifestInvalid;
extern const Rule kIdMismatch;
extern const Rule kRenamed;
extern const Rule kConfigInvalid;
extern const Rule kMissingInConfig;
extern const Rule kMissingOnDisk;
extern const Rule kEnabledMismatch;
extern const Rule kVersionMismatch;
extern const Rule kFilesMissing;
extern const Rule kModified;
extern const Rule kIncompatible;
extern const Rule kRequirements;
extern const Rule kOrphanedState;
extern const Rule kNotRunning;
extern const Rule kRunningUnexpectedly;
extern const Rule kRunningStale;
extern const Rule kDisplayModeConflict;
extern const Rule kUnknownSection;

/// Of a plugin_files_missing that only says that nobody knows.
inline constexpr std::string_view kReceiptUnreadable = "receipt_unreadable";

/// A finding with its fixed parts filled in.
model::Inconsistency finding(model::InconsistencyType type, std::string_view plugin_id, std::string_view reason,
                             std::string description);

/// The three ways a finding can be dealt with; each sets fix_action and can_auto_fix together.
Found mended_by(model::Inconsistency finding, std::vector<model::Step> steps);
Found mended_by(model::Inconsistency finding, model::Step step);
Found for_a_person(model::Inconsistency finding, std::string advice);
Found left_alone(model::Inconsistency finding, std::string advice);

/// A step of `action` for `finding`.
model::Step step_for(const model::Inconsistency& finding, model::StepAction action, std::string summary);

/// Where a source lies, for evidence.
std::string path_of(const Context& context, model::Source source);
/// "plugin-repos/weather" as evidence of a directory.
std::string path_of(const Context& context, const model::PluginDirectory& directory);

std::string json_bool(bool value);
std::string json_text(std::string_view text);

}  // namespace trueup::planner
