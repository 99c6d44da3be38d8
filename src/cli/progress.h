// What a download shows while it runs: on a terminal one line that is drawn anew, with bytes, rate and what is left;
// in a pipe one plain line when it begins and one when it ends. On standard error, so that answers stay answers.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cli/console.h"
#include "platform/clock.h"
#include "service/operation.h"
#include "store/downloads.h"

namespace trueup::cli {

/// "7.1 MB"
std::string bytes_in_words(std::uint64_t bytes);
/// The line of a terminal of that many columns, after `seconds` of it.
std::string progress_line(const store::Transfer& transfer, double seconds, std::size_t columns);

/// "downloading weather: 17 % (1.2 MB of 7.1 MB, 5 s left)", after `seconds` of it.
service::Doing progress_words(const store::Transfer& transfer, double seconds);

/// Several at once, as one: their sum, and how many they are.
store::Transfer sum_of(const std::map<std::string, store::Transfer>& running);

class Progress {
 public:
  /// `tell`: who is told in words as well, twice a second; may be empty. Requires: all outlive this.
  Progress(Console& console, const platform::Clock& clock, std::function<void(service::Doing)> tell = {})
      : console_(console), clock_(clock), tell_(std::move(tell)) {}

  /// From one thread at a time.
  void show(const store::Transfer& transfer);

 private:
  void draw();
  void tell();

  Console& console_;
  const platform::Clock& clock_;
  std::function<void(service::Doing)> tell_;
  std::optional<platform::Clock::Duration> told_;
  std::map<std::string, store::Transfer> running_;
  platform::Clock::Duration begun_{};  // the first of them
};

}  // namespace trueup::cli
