// What is kept of an exchange, and what a crash in the middle of one left behind.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/file_exchange.h"
#include "engine/temporary_name.h"

namespace trueup::engine {

using platform::FileAttributes;
using platform::Links;
using platform::RenameMode;
using platform::Sync;

namespace {

constexpr int kMostKeptOfOne = 100;

constexpr std::array<Whose, 5> kAllWhose{Whose::basis, Whose::theirs, Whose::ours, Whose::crossed,
                                         Whose::crossed_basis};

std::string kept_candidate(KeptName name, Whose whose, int count) {
  name.whose = whose;
  name.count = count;
  return text_of(name);
}

/// `live` is what a write of `new_bytes` over `old_bytes` can have left when it was cut off.
bool is_torn(std::string_view live, std::string_view old_bytes, std::string_view new_bytes) {
  if (live.size() > std::max(old_bytes.size(), new_bytes.size())) return false;
  for (std::size_t i = 0; i < live.size(); ++i) {
    const bool from_old = i < old_bytes.size() && live[i] == old_bytes[i];
    const bool from_new = i < new_bytes.size() && live[i] == new_bytes[i];
    if (!from_old && !from_new && live[i] != '\0') return false;
  }
  return true;
}

}  // namespace

Result<std::string> FileExchange::free_kept_name(Whose whose) const {
  for (int number = 1; number <= kMostKeptOfOne; ++number) {
    std::string name = kept_candidate(place_.kept_name, whose, number);
    const auto info = place_.kept.info(name, Links::refuse);
    if (!info && info.error().code == ErrorCode::not_found) return name;
    if (!info) return info.error();
  }
  return Error{.code = ErrorCode::internal,
               .message = "too many kept files of one document",
               .where = text_of(place_.kept_name)};
}

Status FileExchange::add_displaced(const std::string& kept_name, Whose whose, Exchanged& result) const {
  ASSIGN_OR_RETURN(const auto file, place_.kept.read(kept_name, limits::kMaxConfigBytes, Links::refuse));
  result.displaced.push_back({.name = kept_name,
                              .digest = is_open_question(whose) ? std::string{} : sha256_hex(file.bytes),
                              .bytes = file.bytes.size(),
                              .whose = whose});
  return ok();
}

/// Under its name only when it is whole: half a copy would be taken for another text that was displaced.
Status FileExchange::keep_copy(const std::string& bytes, const std::string& kept_name) {
  FileAttributes attributes{.mode = 0600, .uid = {}, .gid = {}};
  if (place_.keeps_owner) {
    ASSIGN_OR_RETURN(const auto self, place_.kept.self());
    attributes.uid = self.uid;
    attributes.gid = self.gid;
  }
  const std::string unfinished = unfinished_copy();
  RETURN_IF_ERROR(place_.kept.write_new(unfinished, bytes, attributes, Sync::yes));
  if (auto named = place_.kept.rename(unfinished, place_.kept, kept_name, RenameMode::no_replace); !named) {
    RETURN_IF_ERROR(place_.kept.remove_file(unfinished));
    return named;
  }
  return place_.kept.sync();
}

/// The file itself moves, not a copy: whoever still has it open and writes to it is found out later.
Status FileExchange::keep(const std::string& name, Whose whose, Exchanged& result, const Found* seen) {
  ASSIGN_OR_RETURN(const auto kept_name, free_kept_name(whose));
  auto moved = place_.directory.rename(name, place_.kept, kept_name, RenameMode::no_replace);
  bool copied = !moved && moved.error().code == ErrorCode::unsupported;
  if (!moved && !copied) return moved;
  if (!copied && place_.secret) {
    // The mode may outlive a power cut that the new names do not: it must not be that of the live file.
    RETURN_IF_ERROR(place_.directory.sync());
    durable_ = true;
    const FileAttributes only_owner{.mode = 0600, .uid = {}, .gid = {}};
    if (!place_.kept.set_attributes(kept_name, only_owner)) {  // another's file: what is kept must be ours then
      RETURN_IF_ERROR(place_.kept.rename(kept_name, place_.directory, name, RenameMode::no_replace));
      copied = true;
    }
  }
  if (copied) {
    ASSIGN_OR_RETURN(const auto found, look(name));
    if (!found.bytes) return ok();
    RETURN_IF_ERROR(keep_copy(*found.bytes, kept_name));
    RETURN_IF_ERROR(place_.directory.remove_file(name));
    result.notes.push_back(fmt::format(
        "{}: what was displaced is kept as a copy, so a program that still has it open can write to it unseen",
        place_.name));
  }
  if (copied || seen == nullptr) return add_displaced(kept_name, whose, result);
  result.displaced.push_back({kept_name, seen->digest, seen->bytes->size(), whose});
  return ok();
}

std::string FileExchange::in_place_copy() const { return text_of(place_.kept_name) + ".in-place"; }
std::string FileExchange::unfinished_copy() const { return text_of(place_.kept_name) + ".unfinished"; }

/// settle() lists what this keeps with everything else.
Status FileExchange::settle_in_place() {
  const std::string copy = in_place_copy();
  auto old_bytes = place_.kept.read(copy, limits::kMaxConfigBytes, Links::refuse);
  if (!old_bytes) return old_bytes.error().code == ErrorCode::not_found ? ok() : std::move(old_bytes).error();
  ASSIGN_OR_RETURN(const auto live, look(place_.name));
  ASSIGN_OR_RETURN(const auto entries, place_.directory.list());
  for (const auto& entry : entries) {
    const auto parsed = parse_temporary_name(entry.name);
    if (!parsed || parsed->file != place_.name || parsed->transaction != place_.transaction || parsed->unfinished()) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto ready, look(entry.name));
    const bool ours = ready.bytes && ready.digest.starts_with(parsed->digest_start);
    if (ours && live.bytes && *live.bytes != old_bytes->bytes && is_torn(*live.bytes, old_bytes->bytes, *ready.bytes)) {
      RETURN_IF_ERROR(place_.directory.overwrite(place_.name, *ready.bytes));
    }
  }
  if (live.bytes && *live.bytes == old_bytes->bytes) return place_.kept.remove_file(copy);
  ASSIGN_OR_RETURN(const auto kept_name, free_kept_name(Whose::basis));
  return place_.kept.rename(copy, place_.kept, kept_name, RenameMode::no_replace);
}

Status FileExchange::settle(Exchanged& result) {
  Status removed = place_.kept.remove_file(unfinished_copy());
  if (!removed && removed.error().code != ErrorCode::not_found) return removed;
  RETURN_IF_ERROR(settle_in_place());
  for (const Whose whose : kAllWhose) {
    for (int number = 1; number <= kMostKeptOfOne; ++number) {
      const std::string name = kept_candidate(place_.kept_name, whose, number);
      if (!place_.kept.info(name, Links::refuse)) break;
      RETURN_IF_ERROR(add_displaced(name, whose, result));
    }
  }
  ASSIGN_OR_RETURN(const auto entries, place_.directory.list());
  for (const auto& entry : entries) {
    const auto parsed = parse_temporary_name(entry.name);
    if (!parsed || parsed->file != place_.name || parsed->transaction != place_.transaction) continue;
    RETURN_IF_ERROR(parsed->unfinished() ? place_.directory.remove_file(entry.name)
                                         : settle_ready(entry.name, *parsed, result));
  }
  return ok();
}

Status FileExchange::settle_ready(const std::string& name, const TemporaryName& parsed, Exchanged& result) {
  const bool quiet = wait_for_writers(name);
  ASSIGN_OR_RETURN(auto found, look(name));
  if (found.digest.starts_with(parsed.digest_start)) {
    return quiet ? place_.directory.remove_file(name) : keep(name, Whose::ours, result);
  }
  if (found.digest.starts_with(parsed.basis_start)) return keep(name, Whose::basis, result);
  // Neither ours nor what ours rests on: it was written at the last moment and belongs under its own name again.
  ASSIGN_OR_RETURN(const auto live, look(place_.name));
  const bool is_ours = live.bytes && live.digest.starts_with(parsed.digest_start);
  if (is_ours) {
    const auto exchange = [&] {
      return place_.directory.rename(name, place_.directory, place_.name, RenameMode::exchange);
    };
    Status exchanged = exchange();
    if (exchanged) {
      ASSIGN_OR_RETURN(found, look(name));
      if (found.digest == live.digest) return keep(name, Whose::ours, result);
      exchanged = exchange();  // ours was written to meanwhile: that is the newer one
    }
    if (exchanged) return keep(name, Whose::theirs, result);
    if (exchanged.error().code != ErrorCode::not_found) return exchanged;
  }
  if (is_ours || !live.bytes) {  // nothing stands there, or not any more
    auto back = place_.directory.rename(name, place_.directory, place_.name, RenameMode::no_replace);
    if (back) return back;
  }
  return keep(name, Whose::theirs, result);
}

}  // namespace trueup::engine
