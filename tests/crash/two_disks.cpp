#include <cerrno>
#include <utility>

#include "platform/observed_file_system.h"
#include "scenario_lists.h"

namespace trueup::test {
namespace {

class TwoDisks final : public platform::Observer {
 public:
  explicit TwoDisks(std::string part) : part_(std::move(part)) {}
  Status before(const platform::Call& call) override {
    const bool renames =
        call.operation == platform::Operation::rename || call.operation == platform::Operation::exchange;
    if (!renames || is_there(call.path) == is_there(call.to_path)) return ok();
    return Error{.code = ErrorCode::unsupported, .message = "another disk", .where = call.path, .os_error = EXDEV};
  }
  void after(const platform::Call& /*call*/) override {}

 private:
  [[nodiscard]] bool is_there(const std::string& path) const { return path.find(part_) != std::string::npos; }

  std::string part_;
};

}  // namespace

Status on_two_disks(engine::World& world, const std::string& part, const std::function<Status(engine::World&)>& verb) {
  TwoDisks apart(part);
  platform::ObservedFileSystem disks(world.file_system, apart);
  engine::World there{.file_system = disks,
                      .clock = world.clock,
                      .random = world.random,
                      .processes = world.processes,
                      .services = world.services,
                      .logger = world.logger,
                      .root = world.root,
                      .store = world.store};
  return verb(there);
}

}  // namespace trueup::test
