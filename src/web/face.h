// The web face of one installation, in one piece: what a program that stays has to make and keep.
//
//   web::Face face(ports, std::move(listener), {});   // serves from now on
//   daemon.subscribe([&] { face.something_changed(); });
//
// It takes the lock of the installation for each change, as every other trueup does.
#pragma once

#include <cstdint>

#include "engine/world.h"
#include "platform/loop.h"
#include "platform/tcp.h"
#include "platform/worker.h"
#include "web/application.h"
#include "web/engine_backend.h"
#include "web/server.h"

namespace trueup::web {

struct FacePorts {
  engine::World& world;  // for the worker's use alone, but for looking at a few files
  platform::Loop& loop;
  platform::Worker& worker;  // looks and changes; its end comes before this one's
  Logger& logger;
};

class Face {
 public:
  Face(FacePorts ports, platform::TcpListener listener, GuardPolicy policy);

  /// By a watcher, say: whoever has the page open asks again.
  void something_changed() { tell(); }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] const Server& server() const { return server_; }

 private:
  void tell();

  EngineBackend backend_;
  WebApplication application_;
  Server server_;
  std::uint64_t told_ = 0;
};

}  // namespace trueup::web
