// One plugin as all sources together see it: the join of an Observation by plugin id.
//
// The planner's first step. It decides what belongs to whom (ids, directory names, registry names), on evidence only
// (design section 2, "plugin id"), and nothing else. It never judges; the rules do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/observation.h"

namespace trueup::planner {

/// How a key came to be matched with an entry of the registry.
enum class EntryMatch {
  none,
  by_id,               // the entry's id is the key, and nothing says that it installs another one
  by_directory,        // the entry's plugin_path ends in the key
  by_alias,            // the entry declares the key as an alias
  other_id,            // the entry's id is the key, but it installs a plugin with another id
  several,             // more than one entry declares the key as an alias, and nothing tells which: never enough
  prefix_unconfirmed,  // only the `ledmatrix-` prefix points to it: never enough to download
};

struct Situation {
  std::string_view id;
  std::vector<const model::PluginDirectory*> directories;  // claim this id; the one that counts first
  const model::Section* section = nullptr;                 // of config.json
  const model::Section* secrets = nullptr;
  const model::StateRecord* record = nullptr;
  const model::ReceiptIndexEntry* past_receipt = nullptr;  // the ledger's, also when the directory is gone
  const model::RegistryEntry* entry = nullptr;
  EntryMatch match = EntryMatch::none;
  std::vector<const model::RegistryEntry*> claimed_by;  // the entries, where several declare the key as an alias
  std::vector<const model::Aside*> asides;
  bool tombstoned = false;
  bool reserved = false;          // a setting of the core: never a plugin
  std::string_view installed_as;  // this key is another name of the plugin installed under that id
  // Who says that this key was that plugin's id before: the registry (an alias), its manifest (a former id), or nobody.
  enum class Renamed { no, by_registry, by_manifest } renamed = Renamed::no;
  std::string_view settings_under;  // of an installed plugin: the first other name with a section
  std::size_t other_sections = 0;   // how many such names there are
  // The same where the rename is declared and the old name has no section: it has secrets, or the only recorded choice.
  bool follows = false;
  std::string_view followed_by;  // of an installed plugin: the first name that follows it
  std::size_t followers = 0;     // how many such names there are

  [[nodiscard]] const model::PluginDirectory* directory() const {
    return directories.empty() ? nullptr : directories.front();
  }
  /// The directory is there and its manifest reads and states a usable id.
  [[nodiscard]] bool installed() const;
  /// Nothing says whether it is to run, under this name or another one: a recorded choice may follow it.
  [[nodiscard]] bool has_no_choice() const { return section == nullptr && settings_under.empty() && record == nullptr; }
  /// A name that nothing explains has a recorded choice: what may follow a plugin that was renamed.
  [[nodiscard]] bool has_only_a_choice() const {
    return directories.empty() && section == nullptr && !reserved && !tombstoned && past_receipt == nullptr &&
           record != nullptr && record->problem.empty() && record->enabled;
  }
  /// The receipt in the directory, if it speaks of what stands there now.
  [[nodiscard]] const model::ReceiptFacts* matching_receipt() const;
  /// Positive evidence that the key is a plugin (design section 3); a section alone is none.
  [[nodiscard]] bool is_plugin() const;
  [[nodiscard]] bool entry_is_evidence() const;
};

/// Who decides `enabled`, and what the answer is (design section 3).
struct EnabledAnswer {
  enum class From { config, record, unstated, invalid };
  bool enabled = false;
  From from = From::unstated;
};

/// What a plugin is when nobody ever said: what the display does.
inline constexpr bool kEnabledWhenUnstated = false;

EnabledAnswer enabled_of(const Situation& situation);

class Situations {
 public:
  /// Requires: `observation` outlives the result, which points into it.
  explicit Situations(const model::Observation& observation);

  [[nodiscard]] const std::vector<Situation>& all() const { return all_; }  // sorted by id
  [[nodiscard]] const Situation* find(std::string_view id) const;
  /// The id under which a name is installed, recorded or listed: itself, or what it is an alias of.
  [[nodiscard]] std::string_view resolve(std::string_view name) const;
  /// The registry, which cannot be read, may declare that a recorded choice is an installed plugin's that has none:
  /// until it is known, neither the record goes nor does the plugin get a choice.
  [[nodiscard]] bool may_follow_unseen() const { return may_follow_unseen_; }

 private:
  Situation& at(std::string_view id);
  void join_directories(const model::Observation& observation);
  void join_declared_secrets(const model::Observation& observation);
  void join_records(const model::Observation& observation);
  void join_tombstones(const model::Observation& observation);
  void join_registry(const model::Observation& observation);
  void join_former_ids(const model::Observation& observation);
  void join_renames();
  void join_followers();
  void name_installed(const model::RegistryEntry& entry, std::string_view name);

  std::vector<Situation> all_;
  bool may_follow_unseen_ = false;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::unordered_map<std::string_view, std::string_view> directory_alias_;  // directory name -> manifest id
  std::unordered_map<std::string_view, std::string_view> registry_alias_;   // the registry's name -> installed id
  std::unordered_map<std::string_view, std::string_view> former_;           // nothing has that name now -> installed id
};

/// The plugin that is gone with its only directory and would be fetched again, because something else still names it:
/// who takes the directory away notes that the owner removed it (promise 3). Empty: another directory of it stays, or
/// nothing asks for it.
std::string plugin_gone_with(const model::Observation& observation, const Situations& situations,
                             std::string_view directory);

}  // namespace trueup::planner
