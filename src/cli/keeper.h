// What the daemon has done by this layer: one pass, and one command line of another process. Called in the daemon's
// worker, one after the other; everything is read anew each time, trueup's own settings included.
#pragma once

#include <string>

#include "cli/verbs.h"
#include "service/daemon.h"

namespace trueup::cli {

class Keeper {
 public:
  /// `root`: the installation, resolved. Requires: both outlive this.
  Keeper(const Invocation& invocation, const Machine& machine, std::string root);

  service::PassOutcome pass(service::PassKind kind, engine::Unattended& memory, const service::StopWanted& stop) const;
  [[nodiscard]] int command(const service::CommandRequest& request, const service::CommandOutput& output) const;

  /// What can be watched before anything was looked at.
  [[nodiscard]] std::vector<platform::WatchedDirectory> first_watch() const;

 private:
  [[nodiscard]] std::vector<platform::WatchedDirectory> watch_after(const OwnSettings& settings,
                                                                    const model::Observation& seen) const;

  const Invocation& invocation_;
  const Machine& machine_;
  std::string root_;
};

}  // namespace trueup::cli
