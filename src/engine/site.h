// The installation opened for writing: its directories, and the name of the transaction at work.
//
// Made by transaction.cpp after the lock is held; the steps get everything they touch from here. It creates our own
// directories when they are first needed and nothing else.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/world.h"
#include "platform/file_system.h"

namespace trueup::engine {

/// Our own directory below the root.
inline constexpr std::string_view kOwnDirectory = ".trueup";

class Site {
 public:
  /// `plugins_path` is the plugins directory, absolute or relative to the root; links in it are followed.
  static Result<std::unique_ptr<Site>> open(World& world, std::string plugins_path);

  [[nodiscard]] World& world() const { return world_; }
  [[nodiscard]] platform::WritableDirectory& root() const { return *root_; }
  /// .trueup, 0700, with its .gitignore.
  Result<platform::WritableDirectory*> own();
  /// .trueup/kept, 0700.
  Result<platform::WritableDirectory*> kept();
  /// The resolved plugins directory. Never created: not_found when it is not there.
  Result<platform::WritableDirectory*> plugins();
  /// Our container inside the plugins directory, created with its .gitignore when it is first needed.
  Result<platform::WritableDirectory*> container();
  /// A directory below the container ("staging/x", "kept"), created with those above it.
  Result<std::unique_ptr<platform::WritableDirectory>> below_container(const std::string& path);

  /// Attributes of something new in `directory`: for root the owner and group of the directory, else the creator's.
  Result<platform::FileAttributes> attributes_in(const platform::Directory& directory, std::uint32_t mode) const;

 private:
  Site(World& world, std::string plugins_path, std::unique_ptr<platform::WritableDirectory> root)
      : world_(world), plugins_path_(std::move(plugins_path)), root_(std::move(root)) {}

  World& world_;
  std::string plugins_path_;
  std::unique_ptr<platform::WritableDirectory> root_;
  std::unique_ptr<platform::WritableDirectory> own_;
  std::unique_ptr<platform::WritableDirectory> kept_;
  std::unique_ptr<platform::WritableDirectory> plugins_;
  std::unique_ptr<platform::WritableDirectory> container_;
};

}  // namespace trueup::engine
