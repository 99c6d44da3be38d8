// What a download shows while it runs: on a terminal one line that is drawn anew, with bytes, rate and what is left;
// in a pipe one plain line when it begins and one when it ends. On standard error, so that answers stay answers.
#pragma once

#include <string>

#include "cli/console.h"
#include "platform/clock.h"
#include "store/downloads.h"

namespace trueup::cli {

/// "7.1 MB"
std::string bytes_in_words(std::uint64_t bytes);
/// The line of a terminal of that many columns, after `seconds` of it.
std::string progress_line(const store::Transfer& transfer, double seconds, std::size_t columns);

class Progress {
 public:
  /// Requires: both outlive this.
  Progress(Console& console, const platform::Clock& clock) : console_(console), clock_(clock) {}

  void show(const store::Transfer& transfer);

 private:
  Console& console_;
  const platform::Clock& clock_;
  std::string what_;  // what runs now; empty: nothing
  std::uint64_t bytes_ = 0;
  platform::Clock::Duration begun_{};
};

}  // namespace trueup::cli
