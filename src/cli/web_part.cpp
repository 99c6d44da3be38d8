#include "cli/web_part.h"

#include <utility>

#include "cli/own_settings.h"
#include "cli/registry.h"
#include "platform/own_process.h"
#include "web/ascii.h"

namespace trueup::cli {
namespace {

/// Settings and registry are read anew each time, as the daemon does for each pass.
Status with_world(const Invocation& invocation, const Machine& machine, const std::string& root,
                  const std::function<void(engine::World&)>& work) {
  ASSIGN_OR_RETURN(const OwnSettings settings, read_own_settings(root, machine.file_system));
  const auto registry = find_registry(invocation.registry, root, settings, machine, {});
  engine::World world = world_of(machine, root);
  world.store = registry.get();
  world.display_cache = settings.display_cache;
  work(world);
  return ok();
}

/// Others come in when the page is opened to them, or through a proxy under a name that the owner gave.
Result<web::GuardPolicy> policy_of(const Invocation& invocation, const Machine& machine, const std::string& root) {
  ASSIGN_OR_RETURN(const OwnSettings settings, read_own_settings(root, machine.file_system));
  const auto address = platform::NetworkAddress::parse(invocation.web_address);
  web::GuardPolicy policy{.hosts = {}, .has_login = !address->is_loopback() || !settings.hosts.empty()};
  for (const std::string& name : settings.hosts) policy.hosts.push_back(web::to_lower_ascii(name));
  policy.trusted = invocation.trusted;
  if (!policy.has_login) return policy;
  if (const std::string own = web::to_lower_ascii(platform::own_host_name()); !own.empty()) {
    policy.hosts.push_back(own);
    policy.hosts.push_back(own + ".local");
  }
  return policy;
}

}  // namespace

/// The worker ends first: what it does reaches into the rest.
WebPart::~WebPart() { worker_.reset(); }

Result<std::unique_ptr<WebPart>> WebPart::open(const Invocation& invocation, const Machine& machine,
                                               const std::string& root, platform::Loop& loop, service::Daemon& daemon) {
  ASSIGN_OR_RETURN(const web::GuardPolicy policy, policy_of(invocation, machine, root));
  ASSIGN_OR_RETURN(auto listener, platform::TcpListener::open(invocation.web_address,
                                                              static_cast<std::uint16_t>(invocation.web_port)));
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
                            },
                        .own_cost = platform::own_cost},
      web::DoorPorts{.place = {.file_system = machine.file_system,
                               .clock = machine.clock,
                               .processes = machine.processes,
                               .root = root,
                               .is_root = machine.user_id == 0},
                     .loop = loop,
                     .worker = *part->worker_,
                     .random = machine.random,
                     .logger = machine.logger},
      std::move(listener), policy, part->follower_);
  return part;
}

}  // namespace trueup::cli
