// What can be done with an operation: the same five functions for each kind, one .cpp a kind.
//
// prepare    everything that can fail for want of space, rights or a good download; nothing shows yet. May fill in
//            what only it can know (digests, a version); the commit record holds the operation as prepare left it.
// apply      makes it so. Idempotent: recovery calls it again after a crash at any point, also in another process.
//            Outcome::moved when the world is no longer what the operation rests on; an error only when it could
//            not be tried.
// take_back  removes what prepare made, for an operation that was never committed. Idempotent.
// invert     the operation that undoes it, with the precondition "still what we made"; nothing when there is nothing
//            to undo.
// reverse    the same for one that failed, was cut off or was found done after a crash: what takes back as much of it
//            as took effect, told by what stands there now. Nothing where none of it did, so that taking back may
//            itself be cut off and done again; and whatever was changed since goes along, kept.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/operation.h"
#include "engine/site.h"

namespace trueup::engine {

Status prepare(Site& site, EditDocument& operation, const Materials& materials);
Result<Applied> apply(Site& site, const EditDocument& operation);
Status take_back(Site& site, const EditDocument& operation);
std::optional<Operation> invert(const EditDocument& operation, const Applied& applied);
/// Of `count` edits from `first` on: thousands of deeds may share one write, and each can be undone by itself.
std::optional<Operation> invert_edits(const EditDocument& operation, const Applied& applied, std::size_t first,
                                      std::size_t count);
Result<std::optional<Operation>> reverse(Site& site, const EditDocument& operation, const Applied& applied);

Status prepare(Site& site, ReplaceDocument& operation, const Materials& materials);
Result<Applied> apply(Site& site, const ReplaceDocument& operation);
Status take_back(Site& site, const ReplaceDocument& operation);
std::optional<Operation> invert(const ReplaceDocument& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const ReplaceDocument& operation, const Applied& applied);

Status prepare(Site& site, PublishDirectory& operation, const Materials& materials);
Result<Applied> apply(Site& site, const PublishDirectory& operation);
Status take_back(Site& site, const PublishDirectory& operation);
std::optional<Operation> invert(const PublishDirectory& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const PublishDirectory& operation, const Applied& applied);

Status prepare(Site& site, SetDirectoryAside& operation, const Materials& materials);
Result<Applied> apply(Site& site, const SetDirectoryAside& operation);
Status take_back(Site& site, const SetDirectoryAside& operation);
std::optional<Operation> invert(const SetDirectoryAside& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const SetDirectoryAside& operation, const Applied& applied);

Status prepare(Site& site, ExchangeDirectory& operation, const Materials& materials);
Result<Applied> apply(Site& site, const ExchangeDirectory& operation);
Status take_back(Site& site, const ExchangeDirectory& operation);
std::optional<Operation> invert(const ExchangeDirectory& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const ExchangeDirectory& operation, const Applied& applied);

Status prepare(Site& site, ChangeLink& operation, const Materials& materials);
Result<Applied> apply(Site& site, const ChangeLink& operation);
Status take_back(Site& site, const ChangeLink& operation);
std::optional<Operation> invert(const ChangeLink& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const ChangeLink& operation, const Applied& applied);

Status prepare(Site& site, RenameUploads& operation, const Materials& materials);
Result<Applied> apply(Site& site, const RenameUploads& operation);
Status take_back(Site& site, const RenameUploads& operation);
std::optional<Operation> invert(const RenameUploads& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const RenameUploads& operation, const Applied& applied);

Status prepare(Site& site, MovePicture& operation, const Materials& materials);
Result<Applied> apply(Site& site, const MovePicture& operation);
Status take_back(Site& site, const MovePicture& operation);
std::optional<Operation> invert(const MovePicture& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const MovePicture& operation, const Applied& applied);

Status prepare(Site& site, NotePictures& operation, const Materials& materials);
Result<Applied> apply(Site& site, const NotePictures& ordered);
Status take_back(Site& site, const NotePictures& operation);
std::optional<Operation> invert(const NotePictures& operation, const Applied& applied);
Result<std::optional<Operation>> reverse(Site& site, const NotePictures& operation, const Applied& applied);

// The same for an operation of any kind.
Status prepare_operation(Site& site, Operation& operation, const Materials& materials);
Result<Applied> apply_operation(Site& site, const Operation& operation);
Status take_back_operation(Site& site, const Operation& operation);
std::optional<Operation> invert_operation(const Operation& operation, const Applied& applied);
Result<std::optional<Operation>> reverse_operation(Site& site, const Operation& operation, const Applied& applied);

}  // namespace trueup::engine
