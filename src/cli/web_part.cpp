#include "cli/web_part.h"

#include <utility>

#include "cli/own_settings.h"
#include "cli/registry.h"

namespace trueup::cli {
namespace {

/// Settings and registry are read anew each time, as the daemon does for each pass.
Status with_world(const Invocation& invocation, const Machine& machine, const std::string& root,
                  const std::function<void(engine::World&)>& work) {
  ASSIGN_OR_RETURN(const OwnSettings settings, read_own_settings(root, machine.file_system));
  const auto registry = find_registry(invocation.registry, root, settings, machine, {});
  engine::World world{.file_system = machine.file_system,
                      .clock = machine.clock,
                      .random = machine.random,
                      .processes = machine.processes,
                      .services = machine.services,
                      .logger = machine.logger,
                      .root = root,
                      .store = registry.get(),
                      .display_cache = settings.display_cache,
                      .is_root = machine.user_id == 0};
  work(world);
  return ok();
}

}  // namespace

/// The worker ends first: what it does reaches into the rest.
WebPart::~WebPart() { worker_.reset(); }

Result<std::unique_ptr<WebPart>> WebPart::open(const Invocation& invocation, const Machine& machine,
                                               const std::string& root, platform::Loop& loop, service::Daemon& daemon) {
  ASSIGN_OR_RETURN(auto listener,
                   platform::TcpListener::open("127.0.0.1", static_cast<std::uint16_t>(invocation.web_port)));
  std::unique_ptr<WebPart> part(new WebPart);
  part->face_ = std::make_unique<web::Face>(
      web::BackendPorts{.daemon = daemon,
                        .loop = loop,
                        .worker = *part->worker_,
                        .file_system = machine.file_system,
                        .clock = machine.clock,
                        .root = root,
                        .with_world =
                            [&invocation, &machine, root](const std::function<void(engine::World&)>& work) {
                              return with_world(invocation, machine, root, work);
                            }},
      machine.logger, std::move(listener), web::GuardPolicy{});
  return part;
}

}  // namespace trueup::cli
