// Serves the page of one installation, for browser tests and measurements: web_host ROOT REGISTRY|none PORT.
// Prints the port and runs until it is killed.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "base/log.h"
#include "platform/asio_loop.h"
#include "platform/clock.h"
#include "platform/process_table.h"
#include "platform/random.h"
#include "platform/real_file_system.h"
#include "platform/service_manager.h"
#include "store/local_source.h"
#include "web/face.h"

int main(int count, char** values) {
  using namespace trueup;  // NOLINT(google-build-using-namespace)
  if (count != 4) {
    std::fputs("web_host ROOT REGISTRY|none PORT\n", stderr);
    return 64;
  }
  platform::RealFileSystem file_system;
  platform::RealClock clock;
  platform::RealRandom random;
  const platform::RealProcessTable processes;
  platform::Systemctl services;
  const auto logger = make_stderr_logger(LogFormat::plain, LogLevel::warning);
  const std::string registry = values[2];
  const store::LocalSource source(file_system, registry);
  engine::World world{.file_system = file_system,
                      .clock = clock,
                      .random = random,
                      .processes = processes,
                      .services = services,
                      .logger = *logger,
                      .root = values[1],
                      .store = registry == "none" ? nullptr : &source};
  auto listener = platform::TcpListener::open("127.0.0.1", static_cast<std::uint16_t>(std::atoi(values[3])));
  if (!listener) {
    std::fprintf(stderr, "%s\n", listener.error().text().c_str());
    return 1;
  }
  platform::AsioLoop loop;
  platform::ThreadWorker worker;
  const web::Face face({.world = world, .loop = loop, .worker = worker, .logger = *logger}, std::move(*listener), {});
  std::printf("%d\n", face.port());
  std::fflush(stdout);
  loop.run();
  return 0;
}
