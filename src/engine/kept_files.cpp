#include "engine/kept_files.h"

#include <fmt/core.h>

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/displaced_write.h"
#include "engine/tar.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

using model::DocumentName;
using platform::Links;
using platform::Sync;

constexpr const char* kFirstContact = "first-contact.tar";
constexpr const char* kFirstContactPart = "first-contact.tar.unfinished";

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
  finding.evidence = {{".trueup/kept/" + kept.path, "it changed after it had been displaced"}};
  finding.finding = model::finding_id(finding.inconsistency_type, kept.document, kept.path);
  for (model::Option& option : options_of_displaced_write(finding)) finding.choices.push_back(std::move(option.choice));
  return finding;
}

}  // namespace

std::vector<model::Inconsistency> find_displaced_writes(const platform::Directory& own,
                                                        const std::vector<ledger::KeptFile>& kept) {
  std::vector<model::Inconsistency> findings;
  for (const auto& file : kept) {
    const auto now = own.read("kept/" + file.path, limits::kMaxConfigBytes, Links::refuse);
    if (!now) continue;  // gone: the owner may tidy up here
    if (sha256_hex(now->bytes) != file.digest) findings.push_back(displaced_write(file));
  }
  return findings;
}

Result<bool> keep_first_contact(Site& site) {
  ASSIGN_OR_RETURN(auto* own, site.own());
  const auto there = own->info(kFirstContact, Links::refuse);
  if (there) return false;
  if (there.error().code != ErrorCode::not_found) return there.error();
  std::string archive;
  for (const auto document :
       {DocumentName::config, DocumentName::secrets, DocumentName::state, DocumentName::tombstones}) {
    const std::string path(model::relative_path(document));
    const auto file = site.root().read(path, limits::kMaxConfigBytes, Links::follow);
    if (!file) continue;  // what cannot be read is not written either
    append_tar_entry(archive, path, file->bytes);
  }
  end_tar(archive);
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(*own, 0600));
  if (auto left = own->remove_file(kFirstContactPart); !left && left.error().code != ErrorCode::not_found) {
    return std::move(left).error();
  }
  RETURN_IF_ERROR(own->write_new(kFirstContactPart, archive, attributes, Sync::yes));
  RETURN_IF_ERROR(own->rename(kFirstContactPart, *own, kFirstContact, platform::RenameMode::no_replace));
  site.own_changed();
  return true;
}

}  // namespace trueup::engine
