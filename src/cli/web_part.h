// The page beside the daemon: made from real objects for `trueup serve --web PORT`, on the daemon's loop. It reads with
// a worker of its own, so that no pass keeps a reader waiting; what it changes, the daemon changes.
#pragma once

#include <memory>
#include <string>

#include "cli/verbs.h"
#include "platform/worker.h"
#include "service/daemon.h"
#include "web/face.h"

namespace trueup::cli {

class WebPart {
 public:
  /// Error: as TcpListener::open; trueup's own settings. Requires: all of them outlive it.
  static Result<std::unique_ptr<WebPart>> open(const Invocation& invocation, const Machine& machine,
                                               const std::string& root, platform::Loop& loop, service::Daemon& daemon);
  WebPart(const WebPart&) = delete;
  WebPart& operator=(const WebPart&) = delete;
  ~WebPart();

  /// Something is being read: its end would have to be waited for.
  [[nodiscard]] bool is_at_work() const { return worker_->is_at_work(); }

 private:
  WebPart() : worker_(std::make_unique<platform::ThreadWorker>()) {}

  std::unique_ptr<platform::ThreadWorker> worker_;
  platform::RealFollower follower_;
  std::unique_ptr<web::Face> face_;
};

}  // namespace trueup::cli
