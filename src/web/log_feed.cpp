#include "web/log_feed.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/escape.h"
#include "engine/secret_texts.h"
#include "json/write.h"
#include "sources/secret_texts.h"

namespace trueup::web {
namespace {

constexpr std::size_t kMostLines = 50;            // as LEDMatrix tells
constexpr std::size_t kMostBytes = 24U << 10U;    // of them; below what waits for a reader who does not read
constexpr std::chrono::milliseconds kFirst{300};  // the last lines come one by one, and are one text
constexpr std::chrono::seconds kAtMostEvery{1};
constexpr std::string_view kCannot = "the log of LEDMatrix's services cannot be read here";
constexpr std::string_view kAdvice =
    "`sudo usermod -aG systemd-journal USER`, with the user that trueup runs as, and a restart of trueup let it read "
    "the "
    "journal; `sudo journalctl -u ledmatrix -u ledmatrix-web` shows it in a terminal";

std::vector<std::string> journalctl() {
  return {"/usr/bin/journalctl", "--unit=ledmatrix.service", "--unit=ledmatrix-web.service", "--lines=50", "--follow",
          "--no-pager",          "--output=short-iso"};
}

/// What journalctl says of itself, not of the services.
bool is_complaint(std::string_view line) {
  constexpr std::array<std::string_view, 5> kBegin{"Hint: ", "No journal files were", "Failed to ", "Users in groups",
                                                   "Pass -q to turn off"};
  const std::string_view text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  return std::ranges::any_of(kBegin, [text](std::string_view one) { return text.starts_with(one); });
}

void begin_event(json::Writer& out, const platform::Clock& clock) {
  const std::chrono::duration<double> now = clock.wall_now().time_since_epoch();
  out.begin_object().key("timestamp").number(now.count());
}

std::string error_event(const platform::Clock& clock, const std::string& why) {
  json::Writer out;
  begin_event(out, clock);
  out.key("error").string(why.empty() ? std::string(kCannot) : std::string(kCannot) + ": " + escape_for_display(why));
  out.key("advice").string(kAdvice).end_object();
  return std::move(out).text();
}

/// The longest first: one may be a part of another.
Result<std::vector<std::string>> all_secrets(const LogFeedPorts& ports) {
  ASSIGN_OR_RETURN(const auto root, ports.file_system.open_root_for_reading(ports.root));
  ASSIGN_OR_RETURN(auto secrets, engine::secret_texts(*root, model::DocumentName::secrets));
  ASSIGN_OR_RETURN(auto named, engine::secret_texts(*root, model::DocumentName::config));
  secrets.insert(secrets.end(), named.begin(), named.end());
  std::ranges::sort(secrets, [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return secrets;
}

std::string log_event(const LogFeedPorts& ports, const std::deque<std::string>& lines) {
  const auto secrets = all_secrets(ports);
  if (!secrets) {
    return error_event(ports.clock, "what is secret in it is not known, because " + secrets.error().text());
  }
  std::deque<std::string> shown;
  std::size_t bytes = 0;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    std::string text = escape_for_display(sources::without_secrets(*line, *secrets));
    bytes += text.size() + 1;
    if (bytes > kMostBytes) break;
    shown.push_front(std::move(text));
  }
  std::string logs;
  for (const std::string& line : shown) logs += (logs.empty() ? "" : "\n") + line;
  json::Writer out;
  begin_event(out, ports.clock);
  out.key("logs").string(logs).end_object();
  return std::move(out).text();
}

}  // namespace

LogFeed::LogFeed(LogFeedPorts ports, Listeners listeners, Tell tell)
    : ports_(std::move(ports)), listeners_(std::move(listeners)), tell_(std::move(tell)) {}

void LogFeed::begin() {
  is_new_ = true;  // to who comes
  if (program_) return tell_soon(platform::Loop::Duration{});
  lines_.clear();
  complaint_.clear();
  auto started = ports_.follower.follow(
      journalctl(), ports_.loop,
      {.line = [this](std::string_view line) { heard(line); }, .ended = [this] { program_ended(); }});
  if (!started) return complain(started.error().message);
  program_ = std::move(*started);
  tell_soon(kFirst);
}

void LogFeed::end() {
  if (listeners_() > 0) return;
  program_.reset();
  timer_.reset();
}

void LogFeed::heard(std::string_view line) {
  if (line.starts_with("-- ")) return;  // where an earlier start of the machine ends
  if (is_complaint(line)) {
    if (complaint_.empty()) complaint_ = std::string(line);
  } else {
    lines_.emplace_back(line);
    if (lines_.size() > kMostLines) lines_.pop_front();
  }
  is_new_ = true;
  tell_soon(kAtMostEvery);
}

void LogFeed::program_ended() {
  // Not from within: what runs is one of its own calls.
  ports_.loop.post([this] {
    program_.reset();
    complain(complaint_.empty() ? "journalctl ended" : complaint_);
  });
}

/// Nothing is told twice, and nothing more often than every second.
void LogFeed::tell_soon(platform::Loop::Duration rest) {
  if (timer_ && rest > platform::Loop::Duration{}) return;
  timer_ = ports_.loop.after(rest, [this] {
    timer_.reset();
    tell_now();
  });
}

void LogFeed::tell_now() {
  if (!is_new_ || is_telling_ || listeners_() == 0) return;
  is_new_ = false;
  if (lines_.empty() && !complaint_.empty()) return complain(complaint_);
  is_telling_ = true;
  ports_.worker.start([this, ports = ports_, lines = lines_] {
    auto data = std::make_shared<const std::string>(log_event(ports, lines));
    ports.loop.post([this, data] {
      is_telling_ = false;
      if (listeners_() > 0) tell_(*data);
      if (is_new_) tell_soon(kAtMostEvery);
    });
  });
}

void LogFeed::complain(const std::string& why) {
  if (listeners_() > 0) tell_(error_event(ports_.clock, why));
}

}  // namespace trueup::web
