// The stream of LEDMatrix's API that tells what its services log: journald's last lines, and each new one, as one text.
// Only while somebody listens does the child program run that tells them; nobody asks it.
//
// Secrets stay here (promise 9): lines are cleared of all that is known to be secret just then, and where that cannot
// be told nothing of the log is shown.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/followed_program.h"
#include "platform/loop.h"
#include "platform/worker.h"
#include "web/http.h"

namespace trueup::web {

struct LogFeedPorts {
  platform::Loop& loop;
  platform::Worker& worker;  // its end comes before the feed's
  const platform::FileSystem& file_system;
  const platform::Clock& clock;
  platform::ProgramFollower& follower;
  std::string root;  // of the installation whose secrets are meant
};

class LogFeed {
 public:
  using Listeners = std::function<std::size_t()>;
  /// `data`: one line of JSON, {timestamp, logs} or {timestamp, error, advice}.
  using Tell = std::function<void(const std::string& data)>;

  LogFeed(LogFeedPorts ports, Listeners listeners, Tell tell);

  /// Somebody listens from now on.
  void begin();
  /// Somebody does not any more.
  void end();

 private:
  void heard(std::string_view line);
  void program_ended();
  void tell_soon(platform::Loop::Duration rest);
  void tell_now();
  void complain(const std::string& why);

  LogFeedPorts ports_;
  Listeners listeners_;
  Tell tell_;
  std::deque<std::string> lines_;
  std::string complaint_;  // why there are none, as the program says
  bool is_new_ = false;    // something that was not told yet
  bool is_telling_ = false;
  std::unique_ptr<platform::Pending> program_;
  std::unique_ptr<platform::Pending> timer_;
};

}  // namespace trueup::web
