// Another program that talks on for as long as somebody listens, heard line by line on the loop's own thread: nobody
// asks it, and nobody waits for it. Ended with the object.
//
// What it says is not trusted: a line is cut where it is too long, and a program that says too much at once is left
// waiting with it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/loop.h"

namespace trueup::platform {

struct ProgramListener {
  std::function<void(std::string_view line)> line;
  std::function<void()> ended;  // by itself; the last word
};

/// A port: a test says the lines itself.
class ProgramFollower {
 public:
  ProgramFollower() = default;
  ProgramFollower(const ProgramFollower&) = delete;
  ProgramFollower& operator=(const ProgramFollower&) = delete;
  virtual ~ProgramFollower() = default;
  /// `words`: the first is its absolute path. What it says on standard error is heard with the rest. It runs until what
  /// is returned goes, which may not be done from within the listener. Error: it could not be started.
  virtual Result<std::unique_ptr<Pending>> follow(const std::vector<std::string>& words, Loop& loop,
                                                  ProgramListener listener) = 0;
};

class RealFollower final : public ProgramFollower {
 public:
  Result<std::unique_ptr<Pending>> follow(const std::vector<std::string>& words, Loop& loop,
                                          ProgramListener listener) override;
};

class FakeFollower final : public ProgramFollower {
 public:
  Result<std::unique_ptr<Pending>> follow(const std::vector<std::string>& asked, Loop& loop,
                                          ProgramListener to) override;

  std::vector<std::string> words;  // of the last one
  ProgramListener listener;
  int running = 0;
  int started = 0;
  Status answer = ok();
};

}  // namespace trueup::platform
