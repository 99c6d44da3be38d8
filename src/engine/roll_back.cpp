#include "engine/roll_back.h"

#include <string>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "engine/document_edits.h"
#include "engine/kept_name.h"
#include "engine/steps.h"
#include "engine/undertaking_builder.h"
#include "engine/uploads_place.h"

namespace trueup::engine {
namespace {

/// There to be read, but no text that could be edited.
bool is_no_document(Site& site, const Operation& operation) {
  const auto* edit = std::get_if<EditDocument>(&operation);
  const auto* notes = std::get_if<NotePictures>(&operation);
  if (edit == nullptr && notes == nullptr) return false;
  const std::string path = edit != nullptr ? std::string(model::relative_path(edit->document))
                                           : uploads_path(notes->plugin_id) + "/" + std::string(kPictureNotes);
  const auto file = site.root().read(path, limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return false;
  const model::DocumentName document = edit != nullptr ? edit->document : model::DocumentName::config;
  const auto edited = apply_edits({.document = document, .edits = {}, .lay_out = false}, file->bytes);
  return !edited && edited.error().code == ErrorCode::unreadable;
}

Status carry_back(Site& site, Operation& back) {
  if (auto prepared = prepare_operation(site, back, {}); !prepared) {
    // What is no document is not as we left it, and was somebody's word after ours. As an error it would keep the
    // action open, and with it every verb that could mend the document.
    return is_no_document(site, back) ? ok() : std::move(prepared);
  }
  const auto done = apply_operation(site, back);
  return done ? ok() : Status(done.error());
}

}  // namespace

Status roll_back_one(Site& site, std::int64_t kept_number, const Operation& operation, const Applied& applied) {
  ASSIGN_OR_RETURN(auto back, reverse_operation(site, operation, applied));
  if (!back) return ok();
  site.start_transaction(std::string(site.transaction()));  // what was prepared is used up
  if (auto* edit = std::get_if<EditDocument>(&*back)) {
    edit->kept =
        "kept/" + text_of(KeptName{.number = kept_number, .taken_back = true, .file = file_name(edit->document)});
  }
  if (auto* notes = std::get_if<NotePictures>(&*back)) {
    notes->kept =
        "kept/" + text_of(KeptName{.number = kept_number, .taken_back = true, .file = std::string(kPictureNotes)});
  }
  Status done = carry_back(site, *back);
  site.end_transaction();  // what was opened for it is lent `back`
  return done;
}

Status roll_back(Site& site, const Undertaking& undertaking, const std::vector<Applied>& applied) {
  Status first = ok();
  for (std::size_t i = applied.size(); i-- > 0;) {
    auto undone = roll_back_one(site, undertaking.kept_number, undertaking.operations[i], applied[i]);
    if (!undone && first) first = std::move(undone);
  }
  return first;
}

}  // namespace trueup::engine
