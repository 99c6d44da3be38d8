#include "laid_out.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "base/digest.h"
#include "engine/receipt.h"
#include "engine/session.h"
#include "json/write.h"
#include "ledger/ledger.h"
#include "model/plugin_id.h"

namespace trueup::test {
namespace {

using model::Observation;
using model::Source;
using model::Verdict;

const std::string kRoot = "/home/ledmatrix";
const std::string kRegistry = "registry";
const std::string kInstallation = "0123456789abcdef0123456789abcdef";
const std::string kCode = "class P:\n    pass\n";

std::string list_of(const std::vector<std::string>& ids) {
  std::string text = "[";
  for (const auto& id : ids) text += fmt::format("{}\n  {}", text.size() > 1 ? "," : "", json::quote(id));
  return text + "\n]";
}

std::string manifest(const std::string& id, const std::string& version, const std::vector<std::string>& former = {}) {
  return fmt::format(R"({{"id": "{0}", "name": "{0}", "version": "{1}", "class_name": "P", )"
                     R"("entry_point": "manager.py", "display_modes": ["{0}"]{2}}})",
                     id, version, former.empty() ? "" : R"(, "former_ids": )" + list_of(former));
}

/// As a write that a power cut ended half way.
std::string cut_off(const std::string& text) { return text.substr(0, text.size() * 2 / 3); }

std::string section_text(const model::Section& section) {
  if (section.type == "string") return "\"on\"";
  if (section.type != "object") return "null";
  if (section.enabled.kind == model::EnabledSetting::Kind::absent) return R"({"city": "Bern"})";
  return fmt::format(R"({{"city": "Bern", "enabled": {}}})", section.enabled.text);
}

std::string object_of(const std::vector<model::Section>& sections, std::string text) {
  for (const auto& section : sections) {
    text += fmt::format("{}\n    {}: {}", text.size() > 1 ? "," : "", json::quote(section.key), section_text(section));
  }
  return text + "\n}\n";
}

std::string state_text(const Observation& wanted) {
  std::string text = "{\n  \"version\": 1,\n  \"states\": {";
  for (const auto& record : wanted.state) {
    text += fmt::format("{}\n    {}: {}", text.ends_with('{') ? "" : ",", json::quote(record.key), record.text);
  }
  return text + "\n  },\n  \"last_updated\": \"2026-03-26T09:14:02.500377\"\n}";
}

std::string receipt_text(const model::PluginDirectory& directory) {
  const model::ReceiptFacts& facts = *directory.receipt;
  std::vector<sources::ReceiptFile> files{{.path = "manager.py", .sha256 = sha256_hex(kCode), .size = kCode.size()}};
  for (const auto* listed : {&directory.missing_files, &directory.modified_files}) {
    for (const auto& path : *listed) files.push_back({.path = path, .sha256 = sha256_hex(kCode), .size = kCode.size()});
  }
  return engine::encode_receipt({.plugin_id = facts.plugin_id,
                                 .version = facts.version,
                                 .origin = kRegistry,
                                 .entry = facts.plugin_id,
                                 .digest = "",
                                 .files = std::move(files)});
}

/// The ledger of an installation that trueup worked on before. Made once for each content: a database is dear.
std::string ledger_bytes(const model::LedgerFacts& facts) {
  static std::map<std::string, std::string> made;
  std::string key;
  for (const auto& receipt : facts.receipts) key += "receipt " + receipt.plugin_id + "\n";
  for (const auto& id : facts.tombstones) key += "removed " + id + "\n";
  auto& bytes = made[key];
  if (!bytes.empty()) return bytes;
  platform::MemoryFileSystem disk;
  disk.put_directory("/own");
  const auto own = disk.open_root("/own");
  {
    auto ledger = ledger::Ledger::open(**own, kInstallation);
    EXPECT_TRUE(ledger);
    ledger::Pass pass{.receipts_put = facts.receipts, .tombstones_put = facts.tombstones};
    pass.notes_put.emplace_back(engine::kContainerNote, "made");
    EXPECT_TRUE(ledger->record(pass));
  }
  bytes = disk.files().at("/own/" + std::string(ledger::kLedgerName));
  return bytes;
}

/// What is the same in all of them.
const platform::DiskImage& common() {
  static const platform::DiskImage image = [] {
    platform::MemoryFileSystem disk;
    disk.put_directory(kRoot + "/config");
    disk.put_directory(kRoot + "/data");
    disk.put_directory(kRoot + "/plugin-repos");
    disk.put_directory(kRoot + "/.trueup", 0700);
    disk.put_file(kRoot + "/config/config.template.json", "{}\n");
    disk.put_directory("/" + kRegistry + "/plugins");
    return disk.image();
  }();
  return image;
}

}  // namespace

LaidOut::LaidOut(const Observation& wanted) : disk(common()) {
  write_documents(wanted);
  write_plugins(wanted);
  write_registry(wanted);
  write_ledger(wanted);
  disk.clear_log();
  if (wanted.web_process == model::Tristate::yes) {
    processes_.units["ledmatrix-web.service"] = platform::UnitState::active;
  }
}

void LaidOut::write(const std::string& path, std::string bytes) { disk.put_file(kRoot + "/" + path, std::move(bytes)); }

void LaidOut::write_documents(const Observation& wanted) {
  const auto put = [&](Source source, const std::string& path, const std::string& text) {
    const auto& reading = wanted.reading(source);
    const bool damaged = reading.verdict == Verdict::unreadable && reading.reason == "syntax";
    write(path, damaged ? cut_off(text) : text);
    if (reading.verdict == Verdict::unreadable && !damaged) disk.fail_reading(kRoot + "/" + path, EACCES);
  };
  put(Source::config, "config/config.json", object_of(wanted.config.sections, "{\n    \"timezone\": \"UTC\""));
  put(Source::secrets, "config/config_secrets.json", object_of(wanted.config.secrets, "{"));
  put(Source::state, "data/plugin_state.json", state_text(wanted));
  put(Source::tombstones, "config/uninstalled_plugins.json", list_of(wanted.tombstones));
}

void LaidOut::write_plugins(const Observation& wanted) {
  if (!wanted.reading(Source::disk).known()) return;  // another, empty, disk is mounted there
  for (const auto& directory : wanted.disk.directories) {
    const std::string path = "plugin-repos/" + directory.name + "/";
    const bool good = directory.manifest == model::ManifestVerdict::good;
    write(path + "manifest.json", good ? manifest(directory.id, directory.version, directory.former_ids)
                                       : cut_off(manifest(directory.name, "1.0.0")));
    write(path + "manager.py", kCode);
    for (const auto& file : directory.modified_files) write(path + file, "# mine\n" + kCode);
    if (directory.receipt) write(path + ".trueup-receipt.json", receipt_text(directory));
  }
  for (const auto& aside : wanted.disk.asides) {
    const std::string path = "plugin-repos/" + aside.name + "/";
    write(path + "manifest.json", manifest(aside.owner, "1.0.0"));
    if (aside.complete) write(path + "manager.py", kCode);
  }
  const std::string container = "plugin-repos/" + std::string(model::kContainerName) + "/";
  write(container + ".gitignore", "*\n");
  write(container + "installation-id", kInstallation);
}

void LaidOut::write_registry(const Observation& wanted) {
  if (!wanted.registry.present) return;
  store_.emplace(disk, kRegistry);
  std::string text;
  for (const auto& entry : wanted.registry.entries) {
    text +=
        fmt::format(R"({}{{"id": "{}", "plugin_path": "plugins/{}", "latest_version": "{}", "aliases": {}}})",
                    text.empty() ? "" : ", ", entry.id, entry.directory, entry.latest_version, list_of(entry.aliases));
    const std::string path = "/" + kRegistry + "/plugins/" + entry.directory + "/";
    disk.put_file(path + "manifest.json", manifest(entry.directory, entry.latest_version));
    disk.put_file(path + "manager.py", kCode);
    for (const auto& directory : wanted.disk.directories) {  // so that they can be put back
      for (const auto* files : {&directory.missing_files, &directory.modified_files}) {
        for (const auto& file : *files) disk.put_file(path + file, kCode);
      }
    }
  }
  text = "{\"plugins\": [" + text + "]}";
  const bool damaged = !wanted.reading(Source::registry).known();
  disk.put_file("/" + kRegistry + "/plugins.json", damaged ? cut_off(text) : text);
}

void LaidOut::write_ledger(const Observation& wanted) {
  disk.put_file(kRoot + "/.trueup/" + std::string(ledger::kLedgerName), ledger_bytes(wanted.ledger), 0600);
}

engine::World LaidOut::world() {
  return engine::World{.file_system = disk,
                       .clock = clock_,
                       .random = random_,
                       .processes = processes_,
                       .services = services_,
                       .logger = logger_,
                       .root = kRoot,
                       .store = store_ ? &*store_ : nullptr};
}

LaidOut::Tree LaidOut::tree() const {
  Tree below;
  const std::string prefix = kRoot.substr(1) + "/";
  for (auto& [path, node] : platform::tree_of(disk.image())) {
    if (path.starts_with(prefix) && path != prefix + ".trueup/lock") {
      below.emplace(path.substr(prefix.size()), std::move(node));
    }
  }
  return below;
}

LaidOut::Tree LaidOut::theirs(const Tree& tree) {
  Tree theirs;
  const std::string container = "plugin-repos/" + std::string(model::kContainerName);
  for (const auto& [path, node] : tree) {
    if (!path.starts_with(".trueup") && !path.starts_with(container)) theirs.emplace(path, node);
  }
  return theirs;
}

void take_words(Observation& imagined, const Observation& read) {
  for (const Source source : model::kAllSources) {
    auto& mine = imagined.reading(source);
    if (mine.verdict != Verdict::unreadable) continue;
    mine.detail = read.reading(source).detail;
    mine.path = read.reading(source).path;
  }
  if (!imagined.reading(Source::registry).known()) imagined.registry.origin = read.registry.origin;
  for (auto& directory : imagined.disk.directories) {
    const auto same = std::ranges::find(read.disk.directories, directory.name, &model::PluginDirectory::name);
    if (same == read.disk.directories.end()) continue;
    directory.manifest_problem = same->manifest_problem;
    directory.incomplete = same->incomplete;
    directory.receipt_proved = same->receipt_proved;
    directory.modified_content = same->modified_content;
  }
  for (auto& record : imagined.state) {
    const auto same = std::ranges::find(read.state, record.key, &model::StateRecord::key);
    if (same != read.state.end() && !record.problem.empty()) record.problem = same->problem;
  }
  for (auto& aside : imagined.disk.asides) {
    const auto same = std::ranges::find(read.disk.asides, aside.name, &model::Aside::name);
    if (same == read.disk.asides.end()) continue;
    aside.id = same->id;
    aside.problem = same->problem;
    aside.version = same->version;
  }
  for (auto& entry : imagined.registry.entries) {
    const auto same = std::ranges::find(read.registry.entries, entry.id, &model::RegistryEntry::id);
    if (same == read.registry.entries.end()) continue;
    for (auto& attempt : imagined.ledger.attempts) {
      if (attempt.entry_digest == entry.digest) attempt.entry_digest = same->digest;
    }
    entry.digest = same->digest;
  }
  for (auto& attempt : imagined.ledger.attempts) {
    const auto same = std::ranges::find(read.ledger.attempts, attempt.plugin_id, &model::Attempt::plugin_id);
    if (same != read.ledger.attempts.end()) attempt.detail = same->detail;
  }
}

}  // namespace trueup::test
