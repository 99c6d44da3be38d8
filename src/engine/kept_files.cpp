#include "engine/kept_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/displaced_write.h"
#include "engine/document_edits.h"
#include "engine/kept_name.h"
#include "engine/restore.h"
#include "engine/tar.h"
#include "json/canonical.h"
#include "json/document.h"
#include "json/write.h"
#include "platform/file_digest.h"

namespace trueup::engine {
namespace {

using platform::Links;

constexpr const char* kFirstContact = "first-contact.tar";
constexpr const char* kFirstContactPart = "first-contact.tar.unfinished";

std::string finding_of(const ledger::KeptFile& kept) {
  return model::finding_id(model::InconsistencyType::write_displaced, kept.document, kept.path);
}

model::Inconsistency displaced_write(const ledger::KeptFile& kept) {
  model::Inconsistency finding;
  finding.plugin_id = kept.document;
  finding.inconsistency_type = model::InconsistencyType::write_displaced;
  finding.description = fmt::format(
      "Another program wrote to {} at the moment it was replaced; what it wrote is not in effect", kept.document);
  finding.fix_action = model::FixAction::manual_fix_required;
  finding.current_state = {{"live", json::quote("without that write")}};
  finding.expected_state = {{"kept", json::quote(".trueup/kept/" + kept.path)}};
  finding.reason = "write_displaced";
  finding.advice = fmt::format(
      "compare .trueup/kept/{0} with the file; `trueup resolve write_displaced:{1}:{0} --choose "
      "take` puts it in place, `keep` leaves the file",
      kept.path, kept.document);
  if (!document_named(kept.document)) {
    finding.advice = fmt::format(
        "compare .trueup/kept/{0} with the file; `trueup resolve write_displaced:{1}:{0} --choose keep` leaves the "
        "file",
        kept.path, kept.document);
  }
  finding.evidence = {{".trueup/kept/" + kept.path, "holds a text that is not in effect"}};
  finding.finding = finding_of(kept);
  for (model::Option& option : options_of_displaced_write(finding)) finding.choices.push_back(std::move(option.choice));
  return finding;
}

bool same(const std::optional<json::Value>& a, const std::optional<json::Value>& b) {
  return a.has_value() == b.has_value() && (!a || json::equal(*a, *b));
}

/// Somewhere `theirs` says what `before` does not, and `live` says what `before` does.
bool says_what_is_lost(const std::optional<json::Value>& theirs, const std::optional<json::Value>& before,
                       const std::optional<json::Value>& live) {
  if (same(theirs, before) || same(theirs, live)) return false;
  const auto is_object = [](const std::optional<json::Value>& value) { return value && value->is_object(); };
  if (!is_object(theirs) || !is_object(before) || !is_object(live)) return same(before, live);
  const json::MemberIndex in_theirs(*theirs);
  const json::MemberIndex in_before(*before);
  const json::MemberIndex in_live(*live);
  std::set<std::string> keys;
  for (const auto& value : {*theirs, *before}) {
    for (const auto& member : value.members()) keys.emplace(member.key);
  }
  return std::ranges::any_of(keys, [&](const std::string& key) {
    return says_what_is_lost(in_theirs.find(key), in_before.find(key), in_live.find(key));
  });
}

std::optional<std::string> bytes_at(const platform::Directory& directory, const std::string& path, Links links) {
  auto file = directory.read(path, limits::kMaxConfigBytes, links);
  return file ? std::optional(std::move(file->bytes)) : std::nullopt;
}

std::optional<json::Document> parsed(std::optional<std::string> bytes) {
  if (!bytes) return std::nullopt;
  auto document = json::Document::parse(std::move(*bytes), json::Dialect::python);
  return document ? std::optional(std::move(*document)) : std::nullopt;
}

std::string kept_path(const std::string& name) { return std::string(kOwnDirectory) + "/kept/" + name; }

KeptName basis_of(KeptName crossed) {
  crossed.whose = Whose::crossed_basis;
  return crossed;
}

/// A text that was torn when it was copied was still being written, to the very file that went back. Parsed only where
/// the file changed since; that goes on until kCrossedKeptFor actions later, in the rare case that there is such a
/// copy.
bool is_lost(const platform::Directory& root, const ledger::KeptFile& crossed, const std::string& theirs,
             const KeptName& name) {
  const auto document = document_named(crossed.document);
  if (!document) return false;
  auto live = bytes_at(root, std::string(model::relative_path(*document)), Links::follow);
  if (!live || theirs == *live) return false;
  const auto said = parsed(theirs);
  const auto before = parsed(bytes_at(root, kept_path(text_of(basis_of(name))), Links::refuse));
  const auto now = parsed(std::move(live));
  return said && before && now && says_what_is_lost(said->root(), before->root(), now->root());
}

bool is_displaced_write(const platform::Directory& root, const ledger::KeptFile& kept, bool& unread) {
  const auto name = kept.digest.empty() ? parse_kept_name(kept.path) : std::nullopt;
  if (name && name->whose == Whose::crossed_basis) return false;
  const auto file = root.open_file(kept_path(kept.path), Links::refuse);
  if (!file) {  // gone: the owner may tidy up here
    unread = file.error().code != ErrorCode::not_found;
    return false;
  }
  if (name && name->whose == Whose::crossed) {
    const auto theirs = bytes_at(root, kept_path(kept.path), Links::refuse);
    unread = !theirs;
    return theirs && is_lost(root, kept, *theirs, *name);
  }
  const auto info = (*file)->info();
  if (info && info->size != kept.bytes) return true;
  const auto now = platform::digest_of(**file);
  unread = !now;
  return now && now->sha256 != kept.digest;
}

/// By then whoever had read ours has long saved.
bool is_settled(const KeptName& name, const std::vector<ledger::KeptFile>& kept) {
  return std::ranges::any_of(
      kept, [&](const ledger::KeptFile& other) { return other.number >= name.number + limits::kCrossedKeptFor; });
}

}  // namespace

DisplacedWrites find_displaced_writes(const platform::Directory& root, const std::vector<ledger::KeptFile>& kept) {
  DisplacedWrites found;
  for (const auto& file : kept) {
    bool unread = false;
    if (is_displaced_write(root, file, unread)) found.findings.push_back(displaced_write(file));
    if (unread) found.unread.push_back(file.path);
  }
  return found;
}

std::string unread_note(const std::vector<std::string>& unread) {
  if (unread.empty()) return {};
  return fmt::format("this user may not read .trueup/kept/{}{}, so whether another program wrote to {} is not known",
                     unread.front(), unread.size() == 1 ? "" : fmt::format(" and {} more there", unread.size() - 1),
                     unread.size() == 1 ? "it" : "them");
}

std::vector<ledger::KeptFile> forgettable_kept_files(const std::vector<ledger::KeptFile>& kept,
                                                     const std::set<std::string>& undoable,
                                                     const std::vector<model::Inconsistency>& open) {
  const auto is_open = [&open](const std::string& finding) {
    return std::ranges::any_of(open, [&](const auto& one) { return one.finding == finding; });
  };
  std::vector<ledger::KeptFile> forgettable = ledger::removable_kept_files(kept, undoable);
  std::erase_if(forgettable, [&](const ledger::KeptFile& file) {
    if (is_open(finding_of(file))) return true;
    const auto name = file.digest.empty() ? parse_kept_name(file.path) : std::nullopt;
    if (!name) return false;
    if (!is_settled(*name, kept)) return true;
    // The text before both goes with the one that it explains.
    return std::ranges::any_of(kept, [&](const ledger::KeptFile& other) {
      const auto crossed = parse_kept_name(other.path);
      return crossed && crossed->whose == Whose::crossed && basis_of(*crossed) == *name && is_open(finding_of(other));
    });
  });
  return forgettable;
}

Result<std::vector<ledger::KeptFile>> unlisted_kept_files(const platform::Directory& kept,
                                                          const std::vector<ledger::KeptFile>& listed) {
  ASSIGN_OR_RETURN(const auto entries, kept.list());
  std::vector<ledger::KeptFile> unlisted;
  for (const auto& entry : entries) {
    const auto name = parse_kept_name(entry.name);
    const auto document = name ? document_named(name->file) : std::nullopt;
    if (!document || std::ranges::find(listed, entry.name, &ledger::KeptFile::path) != listed.end()) continue;
    const auto file = kept.read(entry.name, limits::kMaxConfigBytes, Links::refuse);
    if (!file) continue;  // not ours to read: it stays where it is
    unlisted.push_back({.number = name->number,
                        .document = std::string(to_string(*document)),
                        .path = entry.name,
                        .digest = is_open_question(name->whose) ? std::string{} : sha256_hex(file->bytes),
                        .bytes = file->bytes.size(),
                        .transaction_id = {},
                        .parses = name->whose == Whose::basis && !name->taken_back && is_sound(*document, file->bytes),
                        .needed_for_undo = false});
  }
  return unlisted;
}

namespace {

Status write_first_contact(const Site& site, platform::WritableDirectory& own) {
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(own, 0600));
  ASSIGN_OR_RETURN(const auto archive, own.open_for_writing(kFirstContactPart, attributes.mode));
  RETURN_IF_ERROR(own.set_attributes(kFirstContactPart, attributes));
  TarWriter tar(*archive);
  for (const auto document : model::kAllDocuments) {
    const std::string path(model::relative_path(document));
    const auto file = site.root().read(path, limits::kMaxConfigBytes, Links::follow);
    if (!file) continue;  // what cannot be read is not written either
    RETURN_IF_ERROR(tar.add(path, file->bytes));
  }
  RETURN_IF_ERROR(tar.finish());
  return own.sync_file(kFirstContactPart);
}

}  // namespace

Result<bool> keep_first_contact(Site& site) {
  ASSIGN_OR_RETURN(auto* own, site.own());
  const auto there = own->info(kFirstContact, Links::refuse);
  if (there) return false;
  if (there.error().code != ErrorCode::not_found) return there.error();
  if (auto left = own->remove_file(kFirstContactPart); !left && left.error().code != ErrorCode::not_found) {
    return std::move(left).error();
  }
  if (auto written = write_first_contact(site, *own); !written) {
    (void)own->remove_file(kFirstContactPart);  // the first failure is the one to tell; the next pass removes it too
    return std::move(written).error();
  }
  RETURN_IF_ERROR(own->rename(kFirstContactPart, *own, kFirstContact, platform::RenameMode::no_replace));
  site.own_changed();
  return true;
}

}  // namespace trueup::engine
