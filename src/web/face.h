// The web face of one installation, in one piece: what a program that stays has to make and keep.
//
//   web::Face face(ports, std::move(listener), {});   // serves from now on
//
// Requires: the daemon, the loop and the worker outlive it, and the worker has no job of its when it ends.
#pragma once

#include <cstdint>

#include "platform/tcp.h"
#include "web/application.h"
#include "web/backend.h"
#include "web/display_feed.h"
#include "web/log_feed.h"
#include "web/server.h"

namespace trueup::web {

class Face {
 public:
  Face(BackendPorts ports, DoorPorts door, platform::TcpListener listener, GuardPolicy policy,
       platform::ProgramFollower& follower);

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] const Server& server() const { return server_; }

 private:
  void tell();

  Backend backend_;
  Door door_;
  WebApplication application_;
  Server server_;
  DisplayFeed feed_;
  LogFeed log_;
  std::uint64_t told_ = 0;
};

}  // namespace trueup::web
