// The page beside the daemon: made from real objects for `trueup serve --web PORT`, on the daemon's loop, with a worker
// of its own, so that no pass keeps a reader waiting.
#pragma once

#include <memory>
#include <string>

#include "cli/verbs.h"
#include "engine/world.h"
#include "platform/worker.h"
#include "service/daemon.h"
#include "store/plugin_source.h"
#include "web/face.h"

namespace trueup::cli {

class WebPart {
 public:
  /// Listens on this machine's own address only. Error: as TcpListener::open.
  static Result<std::unique_ptr<WebPart>> open(const Invocation& invocation, const Machine& machine,
                                               const std::string& root, platform::Loop& loop, service::Daemon& daemon);
  WebPart(const WebPart&) = delete;
  WebPart& operator=(const WebPart&) = delete;
  ~WebPart();

  /// A change is being made: its end would have to be waited for.
  [[nodiscard]] bool is_at_work() const { return worker_->is_at_work(); }

 private:
  WebPart(const Machine& machine, const std::string& root, std::unique_ptr<store::PluginSource> registry,
          const OwnSettings& settings);

  std::unique_ptr<store::PluginSource> registry_;
  engine::World world_;
  std::unique_ptr<platform::ThreadWorker> worker_;
  std::unique_ptr<web::Face> face_;
  std::unique_ptr<service::Subscription> news_;
};

}  // namespace trueup::cli
