// The installation opened for writing: its directories, and the name of the transaction at work.
//
// Made by transaction.cpp after the lock is held; the steps get everything they touch from here. It creates our own
// directories when they are first needed and nothing else.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/world.h"
#include "model/observation.h"
#include "model/step.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Our own directory below the root.
inline constexpr std::string_view kOwnDirectory = ".trueup";

struct OpenDocument;  // a document between prepare and apply (document_step.h)

class Site {
 public:
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  static Result<std::unique_ptr<Site>> open(World& world);
  /// Where the plugins directory is, absolute or relative to the root; links in it are followed.
  void use_plugins_path(std::string path);
  /// Where it is cannot be told: whoever asks for it gets this error.
  void use_no_plugins(Error why);
  [[nodiscard]] bool knows_plugins() const { return !no_plugins_; }
  [[nodiscard]] const std::string& plugins_path() const { return plugins_path_; }

  [[nodiscard]] World& world() const { return world_; }
  /// While several plugins are published at once, a step leaves it to the transaction to wait for the disk, once for
  /// all of them: before the commit, and before what was staged is removed.
  void wait_once_for_all(bool yes) { waits_once_ = yes; }
  [[nodiscard]] bool waits_once_for_all() const { return waits_once_; }
  /// The transaction at work: part of every temporary name.
  [[nodiscard]] const std::string& transaction() const { return transaction_; }
  /// Forgets what was prepared for the one before.
  void start_transaction(std::string id);
  /// Lets go of what was opened for it.
  void end_transaction();
  [[nodiscard]] std::map<model::DocumentName, std::unique_ptr<OpenDocument>>& open_documents() {
    return open_documents_;
  }

  /// What the ledger remembers of what was fetched before, plugins that are gone included.
  void know_fetched(std::vector<model::ReceiptIndexEntry> fetched) { fetched_ = std::move(fetched); }
  /// The digest of this plugin's version from this origin, as it came last; empty: not known.
  [[nodiscard]] std::string last_fetched(const model::ReceiptIndexEntry& receipt) const;

  [[nodiscard]] platform::WritableDirectory& root() const { return *root_; }
  /// .trueup, as open as the root, with its .gitignore.
  Result<platform::WritableDirectory*> own();
  /// .trueup/kept: its files keep the modes they had, those of the secrets file become 0600.
  Result<platform::WritableDirectory*> kept();
  /// A directory of .trueup, created when it is first needed.
  Result<std::unique_ptr<platform::WritableDirectory>> below_own(const std::string& name);
  /// Lets those read trueup's own files who may: the lock everybody; journal and ledger, which hold values of the
  /// secrets file, whoever may read that file and nobody else. A failure only means that fewer can read.
  void settle_own_files();
  /// A name in .trueup is new: it has to be durable before anything rests on it.
  void own_changed() { own_changed_ = true; }
  Status sync_own();
  void own_synced() { own_changed_ = false; }
  /// The resolved plugins directory. Never created: not_found when it is not there.
  Result<platform::WritableDirectory*> plugins();
  /// Our container inside the plugins directory, created with its .gitignore when it is first needed.
  Result<platform::WritableDirectory*> container();
  /// The container if it is there, else nullptr.
  Result<platform::WritableDirectory*> existing_container();
  /// A directory below the container ("staging/x", "kept"), created with those above it.
  Result<std::unique_ptr<platform::WritableDirectory>> below_container(const std::string& path);

  /// Attributes of something new in `directory`: for root the owner and group of the directory, else the creator's.
  Result<platform::FileAttributes> attributes_in(const platform::Directory& directory, std::uint32_t mode) const;

 private:
  Site(World& world, std::unique_ptr<platform::WritableDirectory> root);

  World& world_;
  std::string plugins_path_;
  std::optional<Error> no_plugins_;
  std::unique_ptr<platform::WritableDirectory> root_;
  std::unique_ptr<platform::WritableDirectory> own_;
  std::unique_ptr<platform::WritableDirectory> kept_;
  std::unique_ptr<platform::WritableDirectory> plugins_;
  std::unique_ptr<platform::WritableDirectory> container_;
  std::string transaction_;
  std::vector<model::ReceiptIndexEntry> fetched_;
  bool own_changed_ = false;
  bool waits_once_ = false;
  std::map<model::DocumentName, std::unique_ptr<OpenDocument>> open_documents_;
};

}  // namespace trueup::engine
