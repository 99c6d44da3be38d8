// The ways out where a file cannot be exchanged: disks without the call, files that another file is mounted on, and
// taking a file away. Each says in a note what may happen.
#include <fmt/core.h>

#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/file_exchange.h"
#include "engine/temporary_name.h"

namespace trueup::engine {

using platform::RenameMode;

Result<FileExchange::Round> FileExchange::move_away(Exchanged& result) {
  auto lease = take_lease(result);
  if (!lease) {
    if (lease.error().code == ErrorCode::not_found) return Round::again;
    return std::move(lease).error();
  }
  if (!unchanged_since(*read_)) return Round::again;
  // Named as what displaced nothing: whoever finds it after a crash knows that its bytes are not ours.
  const std::string aside = ready_name(place_.name, place_.transaction, sha256_hex({}), read_->digest);
  auto moved = place_.directory.rename(place_.name, place_.directory, aside, RenameMode::no_replace);
  if (!moved) {
    if (moved.error().code == ErrorCode::not_found) return Round::again;
    return std::move(moved).error();
  }
  const bool somebody_waits = *lease != nullptr && (*lease)->is_breaking();
  const auto came_out = look(aside);
  if (came_out && came_out->digest == read_->digest && !somebody_waits) {
    RETURN_IF_ERROR(keep(aside, Whose::basis, result, &*came_out));
    return Round::done;
  }
  auto back = place_.directory.rename(aside, place_.directory, place_.name, RenameMode::no_replace);
  if (!back) RETURN_IF_ERROR(keep(aside, Whose::theirs, result));  // a newer one stands there already
  return Round::again;
}

Result<FileExchange::Round> FileExchange::replace_without_exchange(Exchanged& result) {
  ASSIGN_OR_RETURN(const auto kept_name, free_kept_name(Whose::basis));
  RETURN_IF_ERROR(keep_copy(*read_->bytes, kept_name));
  const auto now = look(place_.name);
  if (!now || now->digest != read_->digest || !now->info.same_file(read_->info)) {
    RETURN_IF_ERROR(place_.kept.remove_file(kept_name));
    return Round::again;
  }
  RETURN_IF_ERROR(place_.directory.rename(ready_, place_.directory, place_.name, RenameMode::replace));
  ready_.clear();
  result.notes.push_back(
      fmt::format("{}: this disk cannot exchange two files, so a program that wrote it at the very same moment could "
                  "have lost that "
                  "write",
                  place_.name));
  result.displaced.push_back({kept_name, read_->digest, read_->bytes->size()});
  return Round::done;
}

/// A file that is mounted on cannot be replaced. Before its first byte is touched, its old bytes and the new ones are
/// both durable under names from which a start after a crash finishes the work.
Result<FileExchange::Round> FileExchange::edit_in_place(Exchanged& result) {
  const std::string copy = in_place_copy();
  ASSIGN_OR_RETURN(const Found ready, look(ready_));
  if (ready.digest != ready_digest_) {
    return Error{.code = ErrorCode::conflict,
                 .message = "the new file that lay ready is not as it was written, so nothing was changed",
                 .where = ready_};
  }
  ASSIGN_OR_RETURN(const auto kept_name, free_kept_name(Whose::basis));  // before: later nothing may fail for it
  RETURN_IF_ERROR(keep_copy(*read_->bytes, copy));
  RETURN_IF_ERROR(place_.directory.sync());
  const auto now = look(place_.name);
  if (!now || now->digest != read_->digest) {
    RETURN_IF_ERROR(place_.kept.remove_file(copy));
    return Round::again;
  }
  if (auto written = place_.directory.overwrite(place_.name, *ready.bytes); !written) {
    // It may hold a part of each: the old bytes first, since they fitted before.
    const auto restored = place_.directory.overwrite(place_.name, *read_->bytes);
    if (restored) (void)place_.kept.remove_file(copy);
    return std::move(written).error().within(restored ? "the old content was put back"
                                                      : fmt::format("the old content is in kept/{}", copy));
  }
  result.notes.push_back(fmt::format(
      "{}: it cannot be replaced because it is mounted by itself, so it was edited in place from a safe copy; a reader "
      "could have seen it half written",
      place_.name));
  RETURN_IF_ERROR(place_.kept.rename(copy, place_.kept, kept_name, RenameMode::no_replace));
  result.displaced.push_back({kept_name, read_->digest, read_->bytes->size()});
  RETURN_IF_ERROR(remove_ready());
  return Round::done;
}

}  // namespace trueup::engine
