// The two streams of LEDMatrix's API that tell of the display: how its machine is, and what it shows. Only while
// somebody listens: then the machine is asked every ten seconds, and the picture looked at every second and sent when
// it changed. What cannot be told is left out.
//
// The picture lies in a directory that everybody may write: no link is followed, and only what begins as a PNG is sent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "platform/clock.h"
#include "platform/file_system.h"
#include "platform/loop.h"
#include "platform/process_table.h"
#include "platform/worker.h"
#include "web/http.h"

namespace trueup::web {

/// The processor's time since the machine was started, in ticks.
struct ProcessorTime {
  std::uint64_t busy = 0;
  std::uint64_t all = 0;
  bool operator==(const ProcessorTime&) const = default;
};

struct FeedPorts {
  platform::Loop& loop;
  platform::Worker& worker;  // its end comes before the feed's
  const platform::FileSystem& file_system;
  const platform::ProcessTable& processes;
  const platform::Clock& clock;
};

class DisplayFeed {
 public:
  using Listeners = std::function<std::size_t(Topic topic)>;
  /// `data`: one line of JSON.
  using Tell = std::function<void(Topic topic, const std::string& data)>;

  DisplayFeed(FeedPorts ports, Listeners listeners, Tell tell);

  /// Somebody listens from now on.
  void begin(Topic topic);

 private:
  struct Picture {
    std::uint64_t inode = 0;
    std::int64_t modified_ns = 0;
    std::uint64_t size = 0;
    bool operator==(const Picture&) const = default;
  };
  struct Look {
    std::string stats;                 // empty: it was not asked for
    std::optional<std::string> shown;  // a new picture
    ProcessorTime processor;
    std::optional<Picture> picture;
  };

  void look(bool anew);
  void looked(const Look& seen);
  [[nodiscard]] static std::string stats(const FeedPorts& ports, ProcessorTime& last);
  static void look_at_picture(const FeedPorts& ports, Look& look, bool anew);

  FeedPorts ports_;
  Listeners listeners_;
  Tell tell_;
  bool is_looking_ = false;
  bool anew_ = false;  // somebody came while it was looked
  ProcessorTime processor_;
  std::optional<Picture> picture_;
  platform::Loop::Duration stats_at_{};
  std::unique_ptr<platform::Pending> timer_;
};

}  // namespace trueup::web
