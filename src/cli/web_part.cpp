#include "cli/web_part.h"

#include <utility>

#include "cli/own_settings.h"
#include "cli/registry.h"

namespace trueup::cli {

WebPart::WebPart(const Machine& machine, const std::string& root, std::unique_ptr<store::PluginSource> registry,
                 const OwnSettings& settings)
    : registry_(std::move(registry)),
      world_{.file_system = machine.file_system,
             .clock = machine.clock,
             .random = machine.random,
             .processes = machine.processes,
             .services = machine.services,
             .logger = machine.logger,
             .root = root,
             .store = registry_.get(),
             .display_cache = settings.display_cache,
             .is_root = machine.user_id == 0},
      worker_(std::make_unique<platform::ThreadWorker>()) {}

/// The worker ends first: what it does reaches into the rest.
WebPart::~WebPart() { worker_.reset(); }

Result<std::unique_ptr<WebPart>> WebPart::open(const Invocation& invocation, const Machine& machine,
                                               const std::string& root, platform::Loop& loop, service::Daemon& daemon) {
  ASSIGN_OR_RETURN(const OwnSettings settings, read_own_settings(root, machine.file_system));
  auto registry = find_registry(invocation.registry, root, settings, machine, {});
  ASSIGN_OR_RETURN(auto listener,
                   platform::TcpListener::open("127.0.0.1", static_cast<std::uint16_t>(invocation.web_port)));
  std::unique_ptr<WebPart> part(new WebPart(machine, root, std::move(registry), settings));
  part->face_ = std::make_unique<web::Face>(
      web::FacePorts{.world = part->world_, .loop = loop, .worker = *part->worker_, .logger = machine.logger},
      std::move(listener), web::GuardPolicy{});
  part->news_ = daemon.subscribe([face = part->face_.get()] { face->something_changed(); });
  return part;
}

}  // namespace trueup::cli
