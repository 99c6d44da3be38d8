// The fields of everything in a report, each listed once for writing, reading and testing. Private to src/model.
//
// Every list takes the value apart by a structured binding: a field that is added to a type and forgotten here does not
// compile. `visit.json` is for a string that is itself JSON text.
#pragma once

#include "model/report.h"

namespace trueup::model {

template <typename Visit>
void fields(Visit& visit, EnabledSetting& value) {
  auto& [kind, text] = value;
  visit.field("kind", kind);
  visit.json("text", text);
}

template <typename Visit>
void fields(Visit& visit, Section& value) {
  auto& [key, type, enabled] = value;
  visit.field("key", key);
  visit.field("type", type);
  visit.field("enabled", enabled);
}

template <typename Visit>
void fields(Visit& visit, CoreKeyInSecrets& value) {
  auto& [section, key, secrets_text, config_text] = value;
  visit.field("section", section);
  visit.field("key", key);
  visit.field("secrets_text", secrets_text);
  visit.field("config_text", config_text);
}

template <typename Visit>
void fields(Visit& visit, PluginReference& value) {
  auto& [kind, path, plugin_id, text] = value;
  visit.field("kind", kind);
  visit.field("path", path);
  visit.field("plugin_id", plugin_id);
  visit.field("text", text);
}

template <typename Visit>
void fields(Visit& visit, ConfigFacts& value) {
  auto& [sections, secrets, templates, core_keys_in_secrets, references] = value;
  visit.field("sections", sections);
  visit.field("secrets", secrets);
  visit.field("templates", templates);
  visit.field("core_keys_in_secrets", core_keys_in_secrets);
  visit.field("references", references);
}

template <typename Visit>
void fields(Visit& visit, ReceiptFacts& value) {
  auto& [plugin_id, version, origin, digest] = value;
  visit.field("plugin_id", plugin_id);
  visit.field("version", version);
  visit.field("origin", origin);
  visit.field("digest", digest);
}

template <typename Visit>
void fields(Visit& visit, PluginDirectory& value) {
  auto& [name, kind, manifest, manifest_problem, manifest_is_object, id, version, display_name, former_ids,
         display_modes, receipt, receipt_problem, receipt_proved, missing_files, modified_files, modified_content,
         minimum_core, core_ranges, incomplete] = value;
  visit.field("name", name);
  visit.field("kind", kind);
  visit.field("manifest", manifest);
  visit.field("manifest_problem", manifest_problem);
  visit.field("manifest_is_object", manifest_is_object);
  visit.field("id", id);
  visit.field("version", version);
  visit.field("display_name", display_name);
  visit.field("former_ids", former_ids);
  visit.field("display_modes", display_modes);
  visit.field("receipt", receipt);
  visit.field("receipt_problem", receipt_problem);
  visit.field("receipt_proved", receipt_proved);
  visit.field("missing_files", missing_files);
  visit.field("modified_files", modified_files);
  visit.field("modified_content", modified_content);
  visit.field("minimum_core", minimum_core);
  visit.field("core_ranges", core_ranges);
  visit.field("incomplete", incomplete);
}

template <typename Visit>
void fields(Visit& visit, Aside& value) {
  auto& [name, owner, known_suffix, complete, problem, unread, id, version, former_ids] = value;
  visit.field("name", name);
  visit.field("owner", owner);
  visit.field("known_suffix", known_suffix);
  visit.field("complete", complete);
  visit.field("problem", problem);
  visit.field("unread", unread);
  visit.field("id", id);
  visit.field("version", version);
  visit.field("former_ids", former_ids);
}

template <typename Visit>
void fields(Visit& visit, DiskFacts& value) {
  auto& [path, directories, asides, settling, holds_our_container] = value;
  visit.field("path", path);
  visit.field("directories", directories);
  visit.field("asides", asides);
  visit.field("settling", settling);
  visit.field("holds_our_container", holds_our_container);
}

template <typename Visit>
void fields(Visit& visit, StateRecord& value) {
  auto& [key, text, problem, enabled, enabled_text, status, version, original] = value;
  visit.field("key", key);
  visit.json("text", text);
  visit.field("problem", problem);
  visit.field("enabled", enabled);
  visit.json("enabled_text", enabled_text);
  visit.field("status", status);
  visit.field("version", version);
  visit.field("original", original);
}

template <typename Visit>
void fields(Visit& visit, RegistryEntry& value) {
  auto& [id, directory, aliases, latest_version, repository, branch, plugin_path, name, description, author, category,
         tags, last_updated, download_url, commit, sha256, minimum_core, core_ranges, source, digest, verified] = value;
  visit.field("id", id);
  visit.field("directory", directory);
  visit.field("aliases", aliases);
  visit.field("latest_version", latest_version);
  visit.field("repository", repository);
  visit.field("branch", branch);
  visit.field("plugin_path", plugin_path);
  visit.field("name", name);
  visit.field("description", description);
  visit.field("author", author);
  visit.field("category", category);
  visit.field("tags", tags);
  visit.field("last_updated", last_updated);
  visit.field("download_url", download_url);
  visit.field("commit", commit);
  visit.field("sha256", sha256);
  visit.field("minimum_core", minimum_core);
  visit.field("core_ranges", core_ranges);
  visit.field("source", source);
  visit.field("digest", digest);
  visit.field("verified", verified);
}

template <typename Visit>
void fields(Visit& visit, RefusedEntry& value) {
  auto& [id, problem] = value;
  visit.field("id", id);
  visit.field("problem", problem);
}

template <typename Visit>
void fields(Visit& visit, RegistryFacts& value) {
  auto& [present, origin, age, suspect, entries, saved, skipped, refused] = value;
  visit.field("present", present);
  visit.field("origin", origin);
  visit.field("age", age);
  visit.field("suspect", suspect);
  visit.field("entries", entries);
  visit.field("saved", saved);
  visit.field("skipped", skipped);
  visit.field("refused", refused);
}

template <typename Visit>
void fields(Visit& visit, Hold& value) {
  auto& [finding, evidence_digest, reason, set_at, lasts_seconds] = value;
  visit.field("finding", finding);
  visit.field("evidence_digest", evidence_digest);
  visit.field("reason", reason);
  visit.field("set_at", set_at);
  visit.field("lasts_seconds", lasts_seconds);
}

template <typename Visit>
void fields(Visit& visit, Attempt& value) {
  auto& [plugin_id, source, entry_digest, count, terminal, reason, detail, core_version] = value;
  visit.field("plugin_id", plugin_id);
  visit.field("source", source);
  visit.field("entry_digest", entry_digest);
  visit.field("count", count);
  visit.field("terminal", terminal);
  visit.field("reason", reason);
  visit.field("detail", detail);
  visit.field("core_version", core_version);
}

template <typename Visit>
void fields(Visit& visit, ReceiptIndexEntry& value) {
  auto& [plugin_id, directory, version, origin, digest] = value;
  visit.field("plugin_id", plugin_id);
  visit.field("directory", directory);
  visit.field("version", version);
  visit.field("origin", origin);
  visit.field("digest", digest);
}

template <typename Visit>
void fields(Visit& visit, RunningPlugin& value) {
  auto& [id, loaded, unclear, state, version, problem, health] = value;
  visit.field("id", id);
  visit.field("loaded", loaded);
  visit.field("unclear", unclear);
  visit.field("state", state);
  visit.field("version", version);
  visit.field("problem", problem);
  visit.field("health", health);
}

template <typename Visit>
void fields(Visit& visit, HealthRecord& value) {
  auto& [id, health] = value;
  visit.field("id", id);
  visit.field("health", health);
}

template <typename Visit>
void fields(Visit& visit, RuntimeFacts& value) {
  auto& [plugins, unlisted] = value;
  visit.field("plugins", plugins);
  visit.field("unlisted", unlisted);
}

template <typename Visit>
void fields(Visit& visit, LedgerFacts& value) {
  auto& [installation_id, receipts, tombstones, holds, attempts, valid_settings, untouched_files, interrupted] = value;
  visit.field("installation_id", installation_id);
  visit.field("receipts", receipts);
  visit.field("tombstones", tombstones);
  visit.field("holds", holds);
  visit.field("attempts", attempts);
  visit.field("valid_settings", valid_settings);
  visit.field("untouched_files", untouched_files);
  visit.field("interrupted", interrupted);
}

template <typename Visit>
void fields(Visit& visit, SettingsObjection& value) {
  auto& [path, message, schema_path, value_key, has_default, source, line, column] = value;
  visit.field("path", path);
  visit.field("message", message);
  visit.field("schema_path", schema_path);
  visit.field("value_key", value_key);
  visit.field("has_default", has_default);
  visit.field("source", source);
  visit.field("line", line);
  visit.field("column", column);
}

template <typename Visit>
void fields(Visit& visit, SettingsVerdict& value) {
  auto& [directory, problem, objections, all] = value;
  visit.field("directory", directory);
  visit.field("problem", problem);
  visit.field("objections", objections);
  visit.field("all", all);
}

template <typename Visit>
void fields(Visit& visit, LastGoodCopy& value) {
  auto& [source, path, age, lacks] = value;
  visit.field("source", source);
  visit.field("path", path);
  visit.field("age", age);
  visit.field("lacks", lacks);
}

template <typename Visit>
void fields(Visit& visit, SourceReading& value) {
  auto& [source, verdict, path, reason, detail] = value;
  visit.field("source", source);
  visit.field("verdict", verdict);
  visit.field("path", path);
  visit.field("reason", reason);
  visit.field("detail", detail);
}

template <typename Visit>
void fields(Visit& visit, UploadFacts& value) {
  auto& [names, problem] = value;
  visit.field("names", names);
  visit.field("problem", problem);
}

template <typename Visit>
void fields(Visit& visit, MissingRequirements& value) {
  auto& [directory, file, missing, marked, odd_line, digest, waits] = value;
  visit.field("directory", directory);
  visit.field("file", file);
  visit.field("missing", missing);
  visit.field("marked", marked);
  visit.field("odd_line", odd_line);
  visit.field("digest", digest);
  visit.field("waits", waits);
}

template <typename Visit>
void fields(Visit& visit, PythonFacts& value) {
  auto& [interpreter, missing] = value;
  visit.field("interpreter", interpreter);
  visit.field("missing", missing);
}

template <typename Visit>
void fields(Visit& visit, Observation& value) {
  auto& [root, sources, config, disk, state, tombstones, ignored_tombstones, registry, runtime, ledger, settings,
         valid_settings, untouched_files, last_good, core_version, uploads, python, web_process] = value;
  visit.field("root", root);
  visit.field("sources", sources);
  visit.field("config", config);
  visit.field("disk", disk);
  visit.field("state", state);
  visit.field("tombstones", tombstones);
  visit.field("ignored_tombstones", ignored_tombstones);
  visit.field("registry", registry);
  visit.field("runtime", runtime);
  visit.field("ledger", ledger);
  visit.field("settings", settings);
  visit.field("valid_settings", valid_settings);
  visit.field("untouched_files", untouched_files);
  visit.field("last_good", last_good);
  visit.field("core_version", core_version);
  visit.field("uploads", uploads);
  visit.field("python", python);
  visit.field("web_process", web_process);
}

template <typename Visit>
void fields(Visit& visit, Evidence& value) {
  auto& [where, fact, lasting] = value;
  visit.field("where", where);
  visit.field("fact", fact);
  visit.field("lasting", lasting);
}

template <typename Visit>
void fields(Visit& visit, Choice& value) {
  auto& [name, does] = value;
  visit.field("name", name);
  visit.field("does", does);
}

template <typename Visit>
void fields(Visit& visit, Fields::value_type& value) {
  auto& [name, text] = value;
  visit.field("name", name);
  visit.json("text", text);
}

template <typename Visit>
void fields(Visit& visit, Inconsistency& value) {
  auto& [plugin_id, inconsistency_type, description, fix_action, current_state, expected_state, can_auto_fix, reason,
         advice, evidence, finding, choices] = value;
  visit.field("plugin_id", plugin_id);
  visit.field("inconsistency_type", inconsistency_type);
  visit.field("description", description);
  visit.field("fix_action", fix_action);
  visit.field("current_state", current_state);
  visit.field("expected_state", expected_state);
  visit.field("can_auto_fix", can_auto_fix);
  visit.field("reason", reason);
  visit.field("advice", advice);
  visit.field("evidence", evidence);
  visit.field("finding", finding);
  visit.field("choices", choices);
}

template <typename Visit>
void fields(Visit& visit, Report& value) {
  auto& [trueup_version, rules, observation, engine_findings] = value;
  visit.field("trueup_version", trueup_version);
  visit.field("rules", rules);
  visit.field("observation", observation);
  visit.field("engine_findings", engine_findings);
}

}  // namespace trueup::model
