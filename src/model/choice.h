// The ways in which a person can settle a finding that trueup does not settle by itself: what each is called, what it
// does to which bytes, and what `trueup resolve FINDING --choose NAME` then does. Values; nothing here does anything.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/document.h"

namespace trueup::model {

/// As a person is shown it.
struct Choice {
  std::string name;  // one word
  std::string does;  // one sentence: what happens to which bytes
  bool operator==(const Choice&) const = default;
};

/// The same as `trueup enable` and `trueup disable`.
struct SwitchPlugin {
  std::string plugin_id;
  bool on = false;
  bool operator==(const SwitchPlugin&) const = default;
};

/// The same as `trueup install`.
struct InstallByName {
  std::string name;
  bool operator==(const InstallByName&) const = default;
};

/// The same as `trueup uninstall --dir`, one after the other.
struct RemoveDirectories {
  std::vector<std::string> names;
  bool operator==(const RemoveDirectories&) const = default;
};

/// The same as `trueup restore --from`.
struct RestoreCopy {
  DocumentName document = DocumentName::config;
  std::string copy;
  bool operator==(const RestoreCopy&) const = default;
};

/// The same as `trueup reconcile --retry` of this plugin alone.
struct RetryPlugin {
  std::string plugin_id;
  bool operator==(const RetryPlugin&) const = default;
};

/// One value, whatever stands there now; nothing: the key goes.
struct NewValue {
  DocumentName document = DocumentName::config;
  std::vector<std::string> path;
  std::optional<std::string> value;  // JSON text
  bool operator==(const NewValue&) const = default;
};

/// Values of our files, in one transaction.
struct ReplaceValues {
  std::vector<NewValue> values;
  bool operator==(const ReplaceValues&) const = default;
};

/// Settings that stand under another name of the installed plugin `to` go there. Where it has settings of its own, one
/// of the two goes: `keep_new` says which.
struct MoveSettings {
  std::string from;
  std::string to;
  bool keep_new = false;
  bool operator==(const MoveSettings&) const = default;
};

/// What another program wrote into a file at the moment we replaced it: it goes live, or it is let go.
struct SettleDisplacedWrite {
  std::string kept;  // below .trueup/kept
  bool take = false;
  bool operator==(const SettleDisplacedWrite&) const = default;
};

/// The same as `trueup ignore`.
struct LeaveAsItIs {
  std::string finding;
  bool operator==(const LeaveAsItIs&) const = default;
};

/// The files that trueup unpacked are put back as they were; what was added stays, what was changed is kept.
struct ReinstallAsShipped {
  std::string plugin_id;
  std::string version;
  bool operator==(const ReinstallAsShipped&) const = default;
};

/// LEDMatrix's display process is started anew.
struct StartDisplayAnew {
  bool operator==(const StartDisplayAnew&) const = default;
};

/// The plugins directory that is there is the one to work on from now on.
struct AdoptPluginsDirectory {
  bool operator==(const AdoptPluginsDirectory&) const = default;
};

using ChoiceDeed =
    std::variant<SwitchPlugin, InstallByName, RemoveDirectories, RestoreCopy, RetryPlugin, ReplaceValues, MoveSettings,
                 SettleDisplacedWrite, LeaveAsItIs, ReinstallAsShipped, StartDisplayAnew, AdoptPluginsDirectory>;

/// A choice with what it comes to.
struct Option {
  Choice choice;
  ChoiceDeed deed;
  bool operator==(const Option&) const = default;
};

}  // namespace trueup::model
