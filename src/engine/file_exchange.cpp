// The rounds of an exchange. What a crash leaves behind is settled in file_exchange_recovery.cpp; the ways out on disks
// that cannot exchange are in file_exchange_degraded.cpp.
#include "engine/file_exchange.h"

#include <fmt/core.h>

#include <cerrno>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/temporary_name.h"

namespace trueup::engine {

using platform::FileAttributes;
using platform::FileInfo;
using platform::Links;
using platform::ReadLease;
using platform::RenameMode;
using platform::Sync;

namespace {

constexpr std::chrono::milliseconds kLeaseStep{20};
constexpr std::chrono::milliseconds kParseStep{50};

}  // namespace

Result<FileExchange::Found> FileExchange::look(const std::string& name) const {
  auto read = place_.directory.read(name, limits::kMaxConfigBytes, Links::refuse);
  if (!read) {
    if (read.error().code == ErrorCode::not_found) return Found{};
    return std::move(read).error();
  }
  Found found{.bytes = std::move(read->bytes), .info = read->info, .digest = {}};
  found.digest = read_ && read_->bytes == found.bytes ? read_->digest : sha256_hex(*found.bytes);
  return found;
}

/// A shortcut only: the bytes that come out of the exchange have the last word.
bool FileExchange::unchanged_since(const Found& found) const {
  const auto info = place_.directory.info(place_.name, Links::refuse);
  return info && info->same_file(found.info) && info->size == found.info.size &&
         info->modified_ns == found.info.modified_ns && info->changed_ns == found.info.changed_ns;
}

FileAttributes FileExchange::attributes() const {
  if (!read_->bytes) return place_.if_new;
  FileAttributes attributes{.mode = read_->info.mode, .uid = {}, .gid = read_->info.gid};
  if (place_.keeps_owner) attributes.uid = read_->info.uid;
  return attributes;
}

Status FileExchange::remove_ready() {
  if (ready_.empty()) return ok();
  Status removed = place_.directory.remove_file(ready_);
  ready_.clear();
  if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  return ok();
}

Status FileExchange::write_ready() {
  const std::string unfinished = unfinished_name(place_.name, place_.transaction);
  ready_digest_ = sha256_hex(rewrite_.bytes);
  auto written = place_.directory.write_new(unfinished, rewrite_.bytes, attributes(), Sync::yes);
  if (!written) {
    if (written.error().os_error == EPERM) {
      return std::move(written).error().within(
          "the new file could not get the group of the old one, and others would gain or lose access");
    }
    return std::move(written).error();
  }
  const std::string ready = ready_name(place_.name, place_.transaction, ready_digest_, read_->digest);
  if (auto renamed = place_.directory.rename(unfinished, place_.directory, ready, RenameMode::replace); !renamed) {
    (void)place_.directory.remove_file(unfinished);
    return renamed;
  }
  ready_ = ready;
  rewrite_.bytes = std::string();  // they lie on the disk, and may be megabytes
  return ok();
}

/// Reads, rewrites, and lies the new file ready, unless that is done already for these very bytes.
Status FileExchange::lie_ready() {
  ASSIGN_OR_RETURN(auto found, look(place_.name));
  const bool same = read_ && read_->digest == found.digest && read_->info.mode == found.info.mode &&
                    read_->info.uid == found.info.uid && read_->info.gid == found.info.gid;
  if (same && (rewrite_.kind != Rewrite::Kind::write || !ready_.empty())) {
    read_ = std::move(found);
    return ok();
  }
  RETURN_IF_ERROR(remove_ready());
  auto rewrite = rewriter_(found.bytes);
  // Half a file is not what its owner said: another program may be in the middle of writing it.
  std::chrono::milliseconds retried{0};
  while (!rewrite && rewrite.error().code == ErrorCode::unreadable && place_.wait &&
         retried < limits::kParseRetryTime) {
    place_.wait(kParseStep);
    retried += kParseStep;
    ASSIGN_OR_RETURN(found, look(place_.name));
    rewrite = rewriter_(found.bytes);
  }
  if (!rewrite) return std::move(rewrite).error();
  rewrite_ = std::move(*rewrite);
  if (rewrite_.kind == Rewrite::Kind::write && found.bytes && *found.bytes == rewrite_.bytes) {
    rewrite_.kind = Rewrite::Kind::leave;  // equal content is not written
  }
  if (rewrite_.kind == Rewrite::Kind::remove && !found.bytes) rewrite_.kind = Rewrite::Kind::leave;
  read_ = std::move(found);
  return rewrite_.kind == Rewrite::Kind::write ? write_ready() : ok();
}

Status FileExchange::prepare() {
  prepared_ = true;
  return lie_ready();
}

Status FileExchange::take_back() {
  RETURN_IF_ERROR(remove_ready());
  if (prepared_) return ok();
  Exchanged result;  // what it kept has its name among the kept files, where the end of the session finds it
  return settle(result);
}

Result<Exchanged> FileExchange::apply() {
  Exchanged result;
  result.continued = !prepared_;
  if (!prepared_) RETURN_IF_ERROR(settle(result));
  for (int round = 0; round < limits::kExchangeRounds; ++round) {
    const bool lies_ready = round == 0 && !ready_.empty() && read_->bytes && unchanged_since(*read_);
    if (auto lain = lies_ready ? ok() : lie_ready(); !lain) {
      (void)remove_ready();
      return std::move(lain).error();
    }
    if (rewrite_.kind == Rewrite::Kind::leave) {
      result.digest = read_->digest;
      return finish(std::move(result));
    }
    auto tried = try_once(result);
    if (!tried) {
      (void)remove_ready();
      return std::move(tried).error();
    }
    if (*tried == Round::done) {
      result.written = true;
      result.digest = rewrite_.kind == Rewrite::Kind::write ? ready_digest_ : std::string{};
      return finish(std::move(result));
    }
  }
  (void)remove_ready();
  return Error{.code = ErrorCode::contended,
               .message = "another program kept writing to it, so it was left as that program wrote it",
               .where = place_.name,
               .hint = "run the same command again in a moment"};
}

/// One sync makes the exchange durable. That the displaced file now has its name among the kept ones may be lost in a
/// power cut: then it lies beside the document still, and the next start keeps it.
Result<Exchanged> FileExchange::finish(Exchanged result) {
  if (!durable_ && (result.written || !result.displaced.empty())) RETURN_IF_ERROR(place_.directory.sync());
  return result;
}

Result<FileExchange::Round> FileExchange::try_once(Exchanged& result) {
  durable_ = false;
  if (!read_->bytes) return put_new(result);
  if (rewrite_.kind == Rewrite::Kind::remove) return move_away(result);
  return exchange(result);
}

Result<FileExchange::Round> FileExchange::put_new(Exchanged& result) {
  auto renamed = place_.directory.rename(ready_, place_.directory, place_.name, RenameMode::no_replace);
  if (!renamed && renamed.error().code == ErrorCode::unsupported &&
      !place_.directory.info(place_.name, Links::refuse)) {
    result.notes.push_back(
        fmt::format("{}: this disk cannot rename without replacing, so a file that appeared at the "
                    "same moment could have been lost",
                    place_.name));
    renamed = place_.directory.rename(ready_, place_.directory, place_.name, RenameMode::replace);
  }
  if (!renamed) {
    if (renamed.error().code == ErrorCode::conflict) return Round::again;  // somebody made one meanwhile
    return std::move(renamed).error();
  }
  ready_.clear();
  result.created = true;
  return Round::done;
}

/// Nothing when there can be no lease here: the exchange and the later compare then stand alone.
Result<std::unique_ptr<ReadLease>> FileExchange::take_lease(Exchanged& result) {
  for (;;) {
    auto taken = place_.directory.lease(place_.name);
    if (taken || taken.error().code == ErrorCode::not_found) return taken;
    if (taken.error().code == ErrorCode::unsupported) {
      if (result.notes.empty()) {
        result.notes.push_back(fmt::format(
            "{}: no lease could be had (another owner's file, or a network disk), so a program that was just writing "
            "it could not be made to wait; what it wrote is kept and compared",
            place_.name));
      }
      return std::unique_ptr<ReadLease>{};
    }
    if (taken.error().code != ErrorCode::contended) return taken;
    if (waited_ >= limits::kLeaseWait || !place_.wait) {
      return Error{.code = ErrorCode::contended,
                   .message = "another program has it open for writing, so it was not changed",
                   .where = place_.name,
                   .hint = "run the same command again in a moment"};
    }
    place_.wait(kLeaseStep);
    waited_ += kLeaseStep;
  }
}

Result<FileExchange::Round> FileExchange::exchange(Exchanged& result) {
  auto lease = take_lease(result);
  if (!lease) {
    if (lease.error().code == ErrorCode::not_found) return Round::again;
    return std::move(lease).error();
  }
  if (!unchanged_since(*read_)) return Round::again;
  auto exchanged = place_.directory.rename(ready_, place_.directory, place_.name, RenameMode::exchange);
  if (!exchanged) {
    if (exchanged.error().os_error == EBUSY) {
      lease->reset();  // we are about to open it for writing ourselves
      return edit_in_place(result);
    }
    if (exchanged.error().code == ErrorCode::unsupported) return replace_without_exchange(result);
    if (exchanged.error().code == ErrorCode::not_found) return Round::again;
    return std::move(exchanged).error();
  }
  const bool somebody_waits = *lease != nullptr && (*lease)->is_breaking();
  auto came_out = look(ready_);
  const bool as_read = came_out && came_out->info.same_file(read_->info) && came_out->digest == read_->digest;
  if (!as_read || somebody_waits) {
    // Also when it could not be read: whatever it is, it belongs under its own name.
    return exchange_back(came_out ? std::move(*came_out) : Found{}, result);
  }
  const std::string displaced = std::exchange(ready_, {});
  RETURN_IF_ERROR(keep(displaced, Whose::basis, result, &*came_out));
  return Round::done;
}

/// Puts back what came out, and whatever newer file comes out next, until the last thing put there comes out again.
/// What then is left over stood under the document's name: it is kept, never removed. A program may be just opening it,
/// which no lease shows yet, and what it writes is found later. And a program that has read ours may save a text that
/// rests on it over the one that was put back: that one is kept as well, to find out.
Result<FileExchange::Round> FileExchange::exchange_back(Found came_out, Exchanged& result) {
  const std::string aside = std::exchange(ready_, {});
  LastPut last{.digest = ready_digest_, .info = {}};
  std::string left_over;
  std::vector<Found> put_back;
  const auto keep_all_crossed = [&] {
    for (const Found& found : put_back) keep_crossed(found, result);
  };
  for (int round = 0; round < limits::kExchangeRounds; ++round) {
    const auto info = place_.directory.info(aside, Links::refuse);
    auto back = place_.directory.rename(aside, place_.directory, place_.name, RenameMode::exchange);
    if (!back && back.error().code == ErrorCode::not_found) {  // somebody removed ours: theirs goes where it was
      back = place_.directory.rename(aside, place_.directory, place_.name, RenameMode::no_replace);
      if (back) {
        put_back.push_back(std::move(came_out));
        keep_all_crossed();
        return Round::again;
      }
      if (back.error().code == ErrorCode::conflict) continue;  // and somebody has made one anew
    }
    if (!back) {
      keep_all_crossed();
      return std::move(back).error().within(fmt::format("{} holds what another program wrote", aside));
    }
    // Ours stood there for a moment: who opened it then must have finished before we can tell what it says.
    wait_for_writers(aside);
    auto next = look(aside);
    left_over = next ? next->digest : std::string{};
    const bool comes_out_again = is_last_put(last, left_over, aside);
    last = {.digest = came_out.digest, .info = info ? std::optional(*info) : std::nullopt};
    put_back.push_back(std::exchange(came_out, next ? std::move(*next) : Found{}));
    if (comes_out_again) break;
  }
  // After the last round what came out last is the file that lies there: it is kept itself.
  RETURN_IF_ERROR(keep(aside, whose(left_over), result));
  keep_all_crossed();
  return Round::again;
}

/// What could not be read has no digest, and two of that kind are not the same for it: then the file itself tells.
bool FileExchange::is_last_put(const LastPut& last, const std::string& digest, const std::string& name) const {
  if (!last.digest.empty()) return digest == last.digest;
  const auto info = place_.directory.info(name, Links::refuse);
  return info && last.info && info->same_file(*last.info);
}

/// From memory, for its name belongs to others again.
void FileExchange::keep_crossed(const Found& put_back, Exchanged& result) {
  if (!put_back.bytes || whose(put_back.digest) != Whose::theirs || !crossed_.insert(put_back.digest).second) return;
  const auto keep_text = [&](const std::string& text, Whose as) -> Status {
    ASSIGN_OR_RETURN(const auto name, free_kept_name(as));
    RETURN_IF_ERROR(keep_copy(text, name));
    return add_displaced(name, as, result);
  };
  Status kept = keep_text(*read_->bytes, Whose::crossed_basis);
  if (kept) kept = keep_text(*put_back.bytes, Whose::crossed);
  if (!kept) {
    result.notes.push_back(
        fmt::format("{}: what another program wrote meanwhile was put back without a second copy: {}", place_.name,
                    kept.error().text()));
  }
}

Whose FileExchange::whose(const std::string& digest) const {
  if (digest == ready_digest_) return Whose::ours;
  return digest == read_->digest ? Whose::basis : Whose::theirs;
}

/// True when nobody has `name` open for writing; false when that cannot be told, or he does not finish.
bool FileExchange::wait_for_writers(const std::string& name) {
  for (;;) {
    const auto lease = place_.directory.lease(name);
    if (lease) return true;
    if (lease.error().code != ErrorCode::contended || waited_ >= limits::kLeaseWait || !place_.wait) return false;
    place_.wait(kLeaseStep);
    waited_ += kLeaseStep;
  }
}

}  // namespace trueup::engine
