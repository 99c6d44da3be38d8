// The Observation: everything one pass knows, as values. Sources fill it, the planner reads it, nobody changes it.
//
// It holds facts, not judgements: what a section's `enabled` spells, not whether the plugin is on. Shapes follow the
// files of LEDMatrix (formats: config, manifest, state, registry). No clock, no path that anything would open.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "model/source.h"

namespace trueup::model {

/// What a section says about `enabled`. `text` is the value as the file spells it (JSON), empty when absent.
struct EnabledSetting {
  enum class Kind : std::uint8_t { absent, on, off, wrong_type };
  Kind kind = Kind::absent;
  std::string text;

  bool operator==(const EnabledSetting&) const = default;
  [[nodiscard]] std::optional<bool> choice() const {
    if (kind == Kind::on) return true;
    if (kind == Kind::off) return false;
    return std::nullopt;
  }
};

/// One top-level member of config.json, config_secrets.json or config.template.json.
struct Section {
  std::string key;
  std::string type;        // JSON type of the value: "object", "array", "string", "number", "boolean", "null"
  EnabledSetting enabled;  // only for objects

  bool operator==(const Section&) const = default;
  [[nodiscard]] bool is_object() const { return type == "object"; }
};

/// Stands for a value of the secrets file that is never shown.
inline constexpr std::string_view kNotShown = "(not shown)";

/// One member of a section of the secrets file whose name belongs to the core: it overrides config when LEDMatrix
/// merges the two. `config_text` is what config.json says for the same key, or empty.
struct CoreKeyInSecrets {
  std::string section;
  std::string key;
  std::string secrets_text;  // JSON text when it is a boolean, a number or null; kNotShown otherwise
  std::string config_text;
  bool operator==(const CoreKeyInSecrets&) const = default;
};

/// A place of config.json outside a section's own key that names a plugin.
struct PluginReference {
  enum class Kind : std::uint8_t {
    element,  // of a list: display.plugin_rotation_order and the two lists of display.vegas_scroll
    key,      // of display.display_durations
    upload,   // a text inside the plugin's section, a path below assets/plugins/<its key>/
  };
  Kind kind = Kind::element;
  std::vector<std::string> path;  // from the top, numbers of elements in lists
  std::string plugin_id;
  std::string text;  // of an upload: the text, decoded
  bool operator==(const PluginReference&) const = default;
};

struct ConfigFacts {
  std::vector<Section> sections;   // config.json, in the file's order
  std::vector<Section> secrets;    // config_secrets.json
  std::vector<Section> templates;  // config.template.json
  std::vector<CoreKeyInSecrets> core_keys_in_secrets;
  std::vector<PluginReference> references;  // lists, durations, uploads
  bool operator==(const ConfigFacts&) const = default;
};

enum class EntryKind : std::uint8_t { directory, link, dangling_link, other };
enum class ManifestVerdict : std::uint8_t { good, missing, invalid, unreadable };

/// What trueup itself unpacked into a directory (design: receipt).
struct ReceiptFacts {
  std::string plugin_id;
  std::string version;
  std::string origin;
  std::string digest;
  bool operator==(const ReceiptFacts&) const = default;
};

/// One name in the plugins directory. Asides ("foo.standalone-backup-…") are listed in DiskFacts::asides.
struct PluginDirectory {
  std::string name;
  EntryKind kind = EntryKind::directory;
  ManifestVerdict manifest = ManifestVerdict::missing;
  std::string manifest_problem;     // one sentence, empty when good
  bool manifest_is_object = false;  // parses as Python parses it, whatever it says: all that the original asks
  std::string id;                   // the manifest's id when it is a string, even if malformed
  std::string version;              // the manifest's version when it is a string
  std::string display_name;
  std::vector<std::string> former_ids;      // ids the manifest declares it was renamed from
  std::vector<std::string> display_modes;   // as the manifest declares them; may be none
  Boxed<ReceiptFacts> receipt;              // only a receipt that could be read
  std::string receipt_problem;              // one sentence when a receipt is there and cannot be read
  bool receipt_proved = false;              // the manifest is damaged, and every other file is as the receipt says
  std::vector<std::string> missing_files;   // of a receipt that matches: what is not there, sorted; …
  std::vector<std::string> modified_files;  // … and what is not as trueup unpacked it
  std::string modified_content;             // a digest of what those hold now; empty: there are none
  std::string minimum_core;                 // the oldest LEDMatrix that the manifest asks for; empty: it does not say
  std::vector<std::string> core_ranges;     // its `compatible_versions`, as it spells them
  std::string incomplete;  // why it cannot be shown to be complete; asked only where a copy of it was set aside
  bool operator==(const PluginDirectory&) const = default;
};

/// A copy of a plugin that something set aside.
struct Aside {
  std::string name;
  std::string owner;          // the plugin directory it was
  bool known_suffix = false;  // "-preinstall", "-migrating": left by an interrupted install of LEDMatrix
  bool complete = false;      // its manifest reads and what it names is there
  std::string problem;        // why it is not complete
  std::string unread;  // what of it the system did not give out, beneath the plugins directory: it may be complete
  std::string id;
  std::string version;
  std::vector<std::string> former_ids;  // ids the manifest declares it was renamed from
  bool operator==(const Aside&) const = default;
};

struct DiskFacts {
  std::string path;                          // the plugins directory as shown to a person
  std::vector<PluginDirectory> directories;  // sorted by name
  std::vector<Aside> asides;                 // sorted by name
  std::vector<std::string> settling;         // names that changed or went missing a moment ago (unattended passes only)
  bool holds_our_container = false;          // the container with this installation's id is there
  bool operator==(const DiskFacts&) const = default;
};

/// One entry of plugin_state.json. A damaged entry is a fact of its own and never hides another (failure F45).
struct StateRecord {
  std::string key;
  std::string text;             // the whole entry as the file spells it (JSON)
  std::string problem;          // why it cannot serve as a record, empty when it can
  std::optional<bool> enabled;  // when it is a boolean
  std::string enabled_text;     // as the file spells it (JSON); empty when absent
  std::string status;           // when it is a string
  std::string version;          // when it is a string; empty: no opinion
  enum class AsOriginal : std::uint8_t { kept, dropped, ends_reading };
  AsOriginal original = AsOriginal::kept;  // what the original's loader makes of the entry
  bool operator==(const StateRecord&) const = default;
};

struct RegistryEntry {
  std::string id;
  std::string directory;             // last segment of plugin_path, or empty
  std::vector<std::string> aliases;  // declared former or other ids
  std::string latest_version;
  std::string repository;
  std::string branch;
  std::string plugin_path;
  std::string name;
  std::string description;
  std::string author;
  std::string category;
  std::vector<std::string> tags;
  std::string last_updated;              // as it says
  std::string download_url;              // of the archive; empty: it follows from the repository
  std::string commit;                    // 40 hexadecimal digits, or empty
  std::string sha256;                    // of the archive, 64 hexadecimal digits; empty: it does not say
  std::string minimum_core;              // the oldest LEDMatrix that it asks for; empty: it does not say
  std::vector<std::string> core_ranges;  // its `compatible_versions`; of both only what can be read
  std::string source;                    // the saved repository it comes from; empty: the registry itself
  std::string digest;                    // of the whole entry: it changes when the entry does
  bool verified = false;                 // always false for a saved repository
  bool operator==(const RegistryEntry&) const = default;
};

/// How the source of a plugin begins that the owner gave from this device, before the path: no store has newer versions
/// of it, and none has this one.
inline constexpr std::string_view kGivenSource = "local:";
[[nodiscard]] inline bool is_given(std::string_view source) { return source.starts_with(kGivenSource); }

/// An entry of the registry that breaks a rule and is therefore never used.
struct RefusedEntry {
  std::string id;
  std::string problem;  // one sentence
  bool operator==(const RefusedEntry&) const = default;
};

struct RegistryFacts {
  bool present = false;                // a registry was given or configured; false is `--registry none`
  std::string origin;                  // where it comes from, as shown to a person
  std::string age;                     // "as of 2026-03-26", its own date; empty when it states none
  std::string suspect;                 // why what it last sent was not believed, and an older list stands; or empty
  std::vector<RegistryEntry> entries;  // in the registry's order, first of a duplicate id wins
  std::vector<RegistryEntry> saved;    // of the owner's saved repositories: never evidence, only for who names them
  std::vector<std::string> skipped;    // one sentence for each entry that could not be used
  std::vector<RefusedEntry> refused;   // of those, the ones that have an id
  bool operator==(const RegistryFacts&) const = default;
};

/// The owner said "not this": set by undo and by ignore, over when the evidence changes, and for what is asked for by
/// name.
inline constexpr std::string_view kUndoneByOwner = "undone_by_owner";
inline constexpr std::string_view kIgnoredByOwner = "ignored_by_owner";
/// Another program kept undoing the repair: likewise, and a person has to decide.
inline constexpr std::string_view kFoughtOver = "fought_over";

struct Hold {
  std::string finding;
  std::string evidence_digest;
  std::string reason;              // one of those above
  std::int64_t set_at = 0;         // wall clock, seconds since 1970; only with lasts_seconds
  std::int64_t lasts_seconds = 0;  // 0: until the evidence changes
  bool operator==(const Hold&) const = default;
};

/// Attempt::source of a run of pip for a plugin; entry_digest is then MissingRequirements::digest.
inline constexpr std::string_view kPipAttempt = "pip";

/// Attempt::source of a restart of the display; entry_digest is then that of the finding's evidence.
inline constexpr std::string_view kDisplayAttempt = "display";

/// What became of trying to bring a plugin back from one entry of one registry.
struct Attempt {
  std::string plugin_id;
  std::string source;        // RegistryFacts::origin
  std::string entry_digest;  // RegistryEntry::digest, so that a changed entry is tried again
  int count = 0;
  bool terminal = false;  // refused for a reason that trying again cannot change
  std::string reason;
  std::string detail;
  std::string core_version = {};  // of the LEDMatrix that it did not fit; empty: another would not help
  bool operator==(const Attempt&) const = default;
  /// Terminal, and nothing it rests on is another now.
  [[nodiscard]] bool refuses(std::string_view core_now) const {
    return terminal && (core_version.empty() || core_version == core_now);
  }
};

/// The ledger's index of what trueup installed, kept when the directory is gone.
struct ReceiptIndexEntry {
  std::string plugin_id;
  std::string directory;
  std::string version;
  std::string origin;
  std::string digest;  // of this version's files as they were last fetched from there; empty: not known
  bool operator==(const ReceiptIndexEntry&) const = default;
};

/// One setting that a plugin's schema does not allow. It repeats no value.
struct SettingsObjection {
  std::vector<std::string> path;   // from the section
  std::string message;             // goes on from the path: "must be at most 255", "is missing"
  std::string schema_path;         // where the schema says so
  std::string value_key;           // tells this value from another; of a secret, a list or an object only the type
  bool has_default = false;        // the schema has a value for it where none is set
  Source source = Source::config;  // config or secrets: the file in which it stands, or should
  std::size_t line = 0;
  std::size_t column = 0;
  bool operator==(const SettingsObjection&) const = default;
};

/// What a plugin's schema has against its settings, or why nobody knows. Of settings that are right there is none.
struct SettingsVerdict {
  std::string directory;
  std::string problem;                        // why they could not be checked; empty when they were
  std::vector<SettingsObjection> objections;  // the first ones
  std::size_t all = 0;                        // how many there are
  bool operator==(const SettingsVerdict&) const = default;
};

/// One plugin as the display process tells of it.
struct RunningPlugin {
  std::string id;
  bool loaded = false;
  bool unclear = false;  // it is listed, and what is told of it cannot be read: it may run or not
  std::string state;     // its own word: "enabled", "error", "unloaded"
  std::string version;   // the one it loaded; empty: it does not say
  std::string problem;   // its own reason why it does not run
  std::string health;    // what ails it although it may run, with its own words; empty: nothing that is known
  bool operator==(const RunningPlugin&) const = default;
  [[nodiscard]] bool runs() const {
    return !unclear && loaded && state != "error" && state != "disabled" && state != "unloaded";
  }
};

/// Of a plugin that the display does not list, what its health record says.
struct HealthRecord {
  std::string id;
  std::string health;
  bool operator==(const HealthRecord&) const = default;
};

/// What runs, where the display process tells: only with a complete reading of Source::runtime.
struct RuntimeFacts {
  std::vector<RunningPlugin> plugins;  // sorted by id
  std::vector<HealthRecord> unlisted;  // of installed plugins that are not among those
  bool operator==(const RuntimeFacts&) const = default;
  [[nodiscard]] const RunningPlugin* find(std::string_view id) const;
  /// What ails the plugin, whether the display lists it or not; empty: nothing that is known.
  [[nodiscard]] std::string health_of(std::string_view id) const;
};

struct LedgerFacts {
  std::string installation_id;  // empty before the first writing pass
  std::vector<ReceiptIndexEntry> receipts;
  std::vector<std::string> tombstones;
  std::vector<Hold> holds;
  std::vector<Attempt> attempts;
  std::vector<std::string> valid_settings;   // as Observation::valid_settings, of an earlier pass; a cache
  std::vector<std::string> untouched_files;  // as Observation::untouched_files; likewise
  std::vector<std::string> interrupted;      // unfinished transactions of the journal, one sentence each
  bool operator==(const LedgerFacts&) const = default;
};

/// What a plugin asks for in its requirements.txt and the Python that runs the display has not.
struct MissingRequirements {
  std::string directory;             // the plugin's
  std::string file;                  // its requirements.txt, by its whole path
  std::vector<std::string> missing;  // as the file spells them
  bool marked = false;               // LEDMatrix's marker says that they were installed
  std::size_t odd_line = 0;          // the first that says more than names, versions and conditions; 0: there is none
  std::string digest;                // of the file and the interpreter
  bool waits = false;                // pip failed for just this, and is left in peace for a while
  bool operator==(const MissingRequirements&) const = default;
};

/// Only what a plan needs; a look that is for none does not ask.
struct PythonFacts {
  std::string interpreter;                   // that runs the display; empty: not known, or its packages are not
  std::vector<MissingRequirements> missing;  // sorted by directory
  bool operator==(const PythonFacts&) const = default;
  [[nodiscard]] const MissingRequirements* find(std::string_view directory) const;
};

enum class Tristate : std::uint8_t { no, yes, unknown };

/// A file that could not be read, and the newest copy that can stand in for it.
struct LastGoodCopy {
  Source source = Source::config;
  std::string path;
  std::string age;    // "2026-03-26 14:05 UTC (3 hours ago)"; empty where nothing tells
  std::string lacks;  // what it has not, as far as the damaged file and the history still tell; one sentence
  bool operator==(const LastGoodCopy&) const = default;
};

/// The names in assets/plugins, where the owner's uploads for each plugin lie.
struct UploadFacts {
  std::vector<std::string> names;  // sorted; whatever stands under them
  std::string problem;             // why they could not be listed, one sentence; empty when they could
  bool operator==(const UploadFacts&) const = default;
};

struct Observation {
  std::string root;  // shown to a person; never opened by who reads an Observation
  std::array<SourceReading, kAllSources.size()> sources{};
  ConfigFacts config;
  DiskFacts disk;
  std::vector<StateRecord> state;               // in the file's order
  std::vector<std::string> tombstones;          // well-formed ids of uninstalled_plugins.json
  std::vector<std::string> ignored_tombstones;  // what that file holds besides, as shown to a person
  RegistryFacts registry;
  RuntimeFacts runtime;
  LedgerFacts ledger;
  std::vector<SettingsVerdict> settings;     // sorted by directory
  std::vector<std::string> valid_settings;   // fingerprints of what was found right, sorted: for the ledger
  std::vector<std::string> untouched_files;  // likewise, of plugins whose files are all as their receipt says
  std::vector<LastGoodCopy> last_good;
  std::string core_version;  // LEDMatrix's own version; empty: it does not say
  UploadFacts uploads;
  PythonFacts python;
  Tristate web_process = Tristate::no;  // LEDMatrix's web process rewrites plugin_state.json from memory while it runs

  bool operator==(const Observation&) const = default;

  [[nodiscard]] const SourceReading& reading(Source source) const { return sources[static_cast<std::size_t>(source)]; }
  [[nodiscard]] SourceReading& reading(Source source) { return sources[static_cast<std::size_t>(source)]; }
  /// The first source of `needs` that could not be read, if any.
  [[nodiscard]] std::optional<Source> unknown_among(const SourceSet& needs) const;
};

}  // namespace trueup::model
