// One file replaced so that no other program's write is lost, whenever it comes (design section 5, "A file").
//
// Read, rewrite the text, lie the new file ready beside it, take a read lease, exchange the two names, look whether
// what came out is what was read; if not, exchange back and begin again. The file that came out is kept, never deleted.
// It knows nothing of JSON or of plugins. It never deletes a file whose bytes it did not write itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/kept_name.h"
#include "engine/temporary_name.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// What shall stand there instead of what was read.
struct Rewrite {
  enum class Kind : std::uint8_t { leave, write, remove };
  Kind kind = Kind::leave;
  std::string bytes = {};
};

/// Asked anew for each text found: nothing means that there is no such file. Pure.
using Rewriter = std::function<Result<Rewrite>(const std::optional<std::string>& text)>;

struct ExchangePlace {
  platform::WritableDirectory& directory;  // where the file really lies
  std::string name;
  platform::WritableDirectory& kept;  // where displaced files go
  KeptName kept_name;
  std::string transaction;          // part of the temporary names
  platform::FileAttributes if_new;  // of a file that is not there yet
  bool secret = false;              // what is kept of it is 0600, whatever it was
  bool keeps_owner = false;         // we are root: the new file gets the owner of the old one
  std::function<void(std::chrono::milliseconds)> wait;
};

struct Displaced {
  std::string name;    // in ExchangePlace::kept
  std::string digest;  // empty: an open question, see is_open_question
  std::uint64_t bytes = 0;
  Whose whose = Whose::basis;
  bool operator==(const Displaced&) const = default;
};

struct Exchanged {
  bool written = false;
  bool created = false;              // it was not there before
  bool continued = false;            // nothing was prepared in this run: an earlier one may have written it
  std::string digest;                // of the file as it is now; empty: there is none
  std::vector<Displaced> displaced;  // also what an interrupted run of this transaction had displaced
  std::vector<std::string> notes;    // ways in which this was less safe than usual, one sentence each
};

class FileExchange {
 public:
  FileExchange(ExchangePlace place, Rewriter rewriter) : place_(std::move(place)), rewriter_(std::move(rewriter)) {}

  /// Lies the new file ready, durable. Nothing shows. What can fail for want of space or rights fails here.
  Status prepare();
  /// Makes it live. Idempotent; needs no prepare(), which only saves work and finds failures early.
  /// contended: another program did not stop writing; no file was changed.
  Result<Exchanged> apply();
  /// Removes what prepare() made.
  Status take_back();

 private:
  /// A file as it was seen: which one, and what it said.
  struct Found {
    std::optional<std::string> bytes;
    platform::FileInfo info;
    std::string digest;  // empty: not there
  };
  enum class Round : std::uint8_t { done, again };
  /// What we gave the document's name to last.
  struct LastPut {
    std::string digest;  // empty: it could not be read
    std::optional<platform::FileInfo> info;
  };

  [[nodiscard]] Result<Found> look(const std::string& name) const;
  [[nodiscard]] bool unchanged_since(const Found& found) const;
  [[nodiscard]] platform::FileAttributes attributes() const;
  Status lie_ready();
  Status write_ready();
  Status remove_ready();

  Result<Round> try_once(Exchanged& result);
  Result<Round> put_new(Exchanged& result);
  Result<Round> exchange(Exchanged& result);
  Result<Round> exchange_back(Found came_out, Exchanged& result);
  Result<Round> move_away(Exchanged& result);
  Result<Round> replace_without_exchange(Exchanged& result);
  Result<Round> edit_in_place(Exchanged& result);
  Result<std::unique_ptr<platform::ReadLease>> take_lease(Exchanged& result);

  bool wait_for_writers(const std::string& name);
  [[nodiscard]] bool is_last_put(const LastPut& last, const std::string& digest, const std::string& name) const;
  [[nodiscard]] Whose whose(const std::string& digest) const;

  /// What an interrupted run of this transaction left behind.
  Status settle(Exchanged& result);
  Status settle_in_place();
  /// Where the old bytes lie while a file is written in place: under this name they are whole.
  [[nodiscard]] std::string in_place_copy() const;
  [[nodiscard]] std::string unfinished_copy() const;
  Status settle_ready(const std::string& name, const TemporaryName& parsed, Exchanged& result);
  /// `seen`: what it said when it was last read. Whatever is written to it after that is found out later.
  Status keep(const std::string& name, Whose whose, Exchanged& result, const Found* seen = nullptr);
  void keep_crossed(const Found& put_back, Exchanged& result);
  Status keep_copy(const std::string& bytes, const std::string& kept_name);
  Status add_displaced(const std::string& kept_name, Whose whose, Exchanged& result) const;
  [[nodiscard]] Result<std::string> free_kept_name(Whose whose) const;
  Result<Exchanged> finish(Exchanged result);

  ExchangePlace place_;
  Rewriter rewriter_;
  std::optional<Found> read_;  // what the rewrite rests on
  Rewrite rewrite_;
  std::string ready_;  // name of our file that lies ready, or empty
  std::string ready_digest_;
  bool prepared_ = false;
  std::set<std::string> crossed_;  // digests of what was kept as such
  bool durable_ = false;           // the last exchange was waited for already
  std::chrono::milliseconds waited_{0};
};

}  // namespace trueup::engine
