#include "engine/displaced_write.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/document_edits.h"
#include "engine/restore.h"
#include "ledger/ledger.h"

namespace trueup::engine {

using platform::Links;

std::vector<model::Option> options_of_displaced_write(const model::Inconsistency& finding) {
  const std::string prefix = model::finding_id(finding.inconsistency_type, finding.plugin_id) + ":";
  const std::string kept = finding.finding.substr(prefix.size());
  if (!document_named(finding.plugin_id)) {  // notes about pictures: their bytes are kept, and no verb puts them back
    return {{{"keep", fmt::format("leaves the file as it is; the other text stays in .trueup/kept/{}", kept)},
             model::SettleDisplacedWrite{kept, false}}};
  }
  return {{{"take", fmt::format("puts .trueup/kept/{} in the place of the {} file; what stands there is kept", kept,
                                finding.plugin_id)},
           model::SettleDisplacedWrite{kept, true}},
          {{"keep", fmt::format("leaves the {} file as it is; the other text stays in .trueup/kept/{}",
                                finding.plugin_id, kept)},
           model::SettleDisplacedWrite{kept, false}}};
}

Status settle_displaced_write(Session& session, const model::SettleDisplacedWrite& deed, UndertakingBuilder& builder) {
  ASSIGN_OR_RETURN(auto* own, session.site().own());
  const auto reading = ledger::read_ledger(session.site().root());
  if (!reading.snapshot) return Error{.code = ErrorCode::unreadable, .message = reading.reading.detail};
  ASSIGN_OR_RETURN(auto all, reading.snapshot->read().kept_files());
  const auto found = std::ranges::find(all, deed.kept, &ledger::KeptFile::path);
  if (found == all.end()) {
    return Error{.code = ErrorCode::not_found, .message = "the ledger no longer lists this copy", .where = deed.kept};
  }
  ASSIGN_OR_RETURN(auto file, own->read("kept/" + deed.kept, limits::kMaxConfigBytes, Links::refuse));
  found->digest = sha256_hex(file.bytes);
  found->bytes = file.bytes.size();
  const auto document = document_named(found->document);
  if (deed.take && document) {
    if (!is_sound(*document, file.bytes)) {
      return Error{.code = ErrorCode::invalid,
                   .message = "this text cannot be read by LEDMatrix, so it was not put in place",
                   .where = ".trueup/kept/" + deed.kept};
    }
    ReplaceDocument replace{.document = *document, .digest = found->digest};
    const auto now =
        session.site().root().read(std::string(relative_path(*document)), limits::kMaxConfigBytes, Links::follow);
    if (now) replace.expected_digest = sha256_hex(now->bytes);
    if (!now && now.error().code != ErrorCode::not_found) return now.error();
    builder.add(std::move(replace), Materials{.bytes = std::move(file.bytes)});
  }
  session.record().kept_put.push_back(std::move(*found));
  return ok();
}

}  // namespace trueup::engine
