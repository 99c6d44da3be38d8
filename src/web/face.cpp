#include "web/face.h"

#include <fmt/core.h>

#include <utility>

#include "web/web_limits.h"

namespace trueup::web {
namespace {

constexpr std::size_t kOtherDescriptors = 128;  // files, watches, the daemon's own socket

std::size_t connections_that_fit() {
  const std::size_t allowed = platform::allow_descriptors(limits::kMaxConnections + kOtherDescriptors);
  return allowed > 2 * kOtherDescriptors ? allowed - kOtherDescriptors : allowed / 2;
}

}  // namespace

Face::Face(BackendPorts ports, DoorPorts door, platform::TcpListener listener, GuardPolicy policy,
           platform::ProgramFollower& follower)
    : backend_(ports),
      door_(door, std::move(policy)),
      application_(backend_, door.logger, door_),
      server_(
          {.loop = ports.loop,
           .logger = door.logger,
           .most_connections = connections_that_fit(),
           .on_question = [this](const Request& head) { return application_.turn_away(head); },
           .on_listener =
               [this](Topic topic) {
                 if (topic == Topic::logs) {
                   log_.begin();
                 } else {
                   feed_.begin(topic);
                 }
               },
           .on_leave =
               [this](Topic topic) {
                 if (topic == Topic::logs) log_.end();
               }},
          std::move(listener),
          [this](Request request, Respond respond) { application_.answer(std::move(request), std::move(respond)); }),
      feed_(
          {.loop = ports.loop,
           .worker = ports.worker,
           .file_system = ports.file_system,
           .processes = door.place.processes,
           .clock = ports.clock},
          [this](Topic topic) { return server_.listeners(topic); },
          [this](Topic topic, const std::string& data) { server_.tell(topic, data); }),
      log_(
          {.loop = ports.loop,
           .worker = ports.worker,
           .file_system = ports.file_system,
           .clock = ports.clock,
           .follower = follower,
           .root = ports.root},
          [this] { return server_.listeners(Topic::logs); },
          [this](const std::string& data) { server_.tell(Topic::logs, data); }) {
  backend_.on_change([this] { tell(); });
}

void Face::tell() { server_.publish({.name = "changed", .data = fmt::format("{{\"news\": {}}}", ++told_)}); }

}  // namespace trueup::web
