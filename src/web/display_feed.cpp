#include "web/display_feed.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

#include "json/write.h"

namespace trueup::web {
namespace {

constexpr std::chrono::seconds kStatsEvery{10};
constexpr std::chrono::seconds kPictureEvery{1};
constexpr std::size_t kMaxProcBytes = 64U << 10U;
constexpr std::size_t kMaxPictureBytes = 40U << 10U;  // a panel of 256 x 128 takes about 20 KB
constexpr std::string_view kPictureDirectory = "/tmp";
constexpr const char* kPictureName = "led_matrix_preview.png";
constexpr std::string_view kPngBegins = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kPngHeader = 24;  // its signature, and width and height in the first chunk

std::string read_at(const platform::FileSystem& file_system, const std::string& directory, const std::string& name) {
  const auto opened = file_system.open_root_for_reading(directory);
  auto file = opened ? (*opened)->read(name, kMaxProcBytes, platform::Links::follow)
                     : Result<platform::FileBytes>(opened.error());
  return file ? std::move(file->bytes) : std::string();
}

/// The numbers of a line, from `text` on, until something else comes.
std::vector<std::uint64_t> numbers_in(std::string_view text) {
  std::vector<std::uint64_t> numbers;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return numbers;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
}

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const auto numbers = numbers_in(text.substr(at + name.size()));
  return numbers.empty() ? std::nullopt : std::optional(numbers.front());
}

/// Of /proc/stat: user nice system idle iowait irq …
ProcessorTime processor_time(const std::string& stat) {
  constexpr std::size_t kIdle = 3;
  constexpr std::size_t kWaits = 4;
  ProcessorTime time;
  if (!stat.starts_with("cpu ")) return time;
  const auto numbers = numbers_in(std::string_view(stat).substr(4));
  for (std::size_t i = 0; i < numbers.size() && i < 8; ++i) {
    time.all += numbers[i];
    if (i != kIdle && i != kWaits) time.busy += numbers[i];
  }
  return time;
}

double rounded(double number) { return std::round(number * 10) / 10; }

void write_time(json::Writer& out, const platform::Clock& clock) {
  const std::chrono::duration<double> now = clock.wall_now().time_since_epoch();
  out.key("timestamp").number(now.count());
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      three = three << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_there = i + k <= bytes.size();
      out += is_there ? kLetters[three >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return out;
}

std::uint32_t big_endian(std::string_view four) {
  std::uint32_t number = 0;
  for (const char byte : four) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

std::string picture_data(const platform::Clock& clock, const std::string& png) {
  json::Writer out;
  out.begin_object();
  write_time(out, clock);
  const bool is_one = png.size() >= kPngHeader && png.starts_with(kPngBegins);
  const std::string_view bytes = png;
  if (is_one) {
    out.key("width").integer(big_endian(bytes.substr(16, 4))).key("height").integer(big_endian(bytes.substr(20, 4)));
    out.key("image").string(base64(bytes));
  } else {
    out.key("image").null();
  }
  out.end_object();
  return std::move(out).text();
}

}  // namespace

DisplayFeed::DisplayFeed(FeedPorts ports, Listeners listeners, Tell tell)
    : ports_(ports), listeners_(std::move(listeners)), tell_(std::move(tell)) {}

void DisplayFeed::begin(Topic topic) {
  if (topic == Topic::changes) return;
  if (topic == Topic::stats) stats_at_ = {};
  if (is_looking_) {
    anew_ = true;
  } else {
    look(topic == Topic::picture);
  }
}

void DisplayFeed::look(bool anew) {
  const bool wants_stats = listeners_(Topic::stats) > 0;
  const bool wants_picture = listeners_(Topic::picture) > 0;
  timer_.reset();
  if (!wants_stats && !wants_picture) {
    picture_.reset();
    return;
  }
  const auto now = ports_.loop.now();
  const bool stats_due = wants_stats && (stats_at_ == platform::Loop::Duration{} || now - stats_at_ >= kStatsEvery);
  if (stats_due) stats_at_ = now;
  is_looking_ = true;
  ports_.worker.start([this, ports = ports_, stats_due, wants_picture, anew, before = processor_, picture = picture_] {
    auto seen = std::make_shared<Look>(Look{.stats = {}, .shown = {}, .processor = before, .picture = picture});
    if (stats_due) seen->stats = stats(ports, seen->processor);
    if (wants_picture) look_at_picture(ports, *seen, anew);
    ports.loop.post([this, seen] { looked(*seen); });
  });
}

void DisplayFeed::looked(const Look& seen) {
  is_looking_ = false;
  processor_ = seen.processor;
  picture_ = seen.picture;
  if (!seen.stats.empty()) tell_(Topic::stats, seen.stats);
  if (seen.shown) tell_(Topic::picture, *seen.shown);
  if (std::exchange(anew_, false)) return look(true);
  const platform::Loop::Duration rest = listeners_(Topic::picture) > 0 ? kPictureEvery : kStatsEvery;
  timer_ = ports_.loop.after(rest, [this] { look(false); });
}

std::string DisplayFeed::stats(const FeedPorts& ports, ProcessorTime& last) {
  constexpr double kPercent = 100;
  constexpr double kMilli = 1000;
  json::Writer out;
  out.begin_object();
  write_time(out, ports.clock);
  out.key("uptime").string("Running");
  const auto unit = ports.processes.unit_state("ledmatrix.service");
  if (unit != platform::UnitState::unknown) out.key("service_active").boolean(unit == platform::UnitState::active);
  const ProcessorTime now = processor_time(read_at(ports.file_system, "/proc", "stat"));
  if (now.all > last.all) {
    const auto busy = static_cast<double>(now.busy - std::min(last.busy, now.busy));
    out.key("cpu_percent").number(rounded(busy / static_cast<double>(now.all - last.all) * kPercent));
  }
  last = now;
  const std::string memory = read_at(ports.file_system, "/proc", "meminfo");
  const auto all = number_after(memory, "MemTotal:");
  const auto free = number_after(memory, "MemAvailable:");
  if (all && free && *all > 0 && *free <= *all) {
    const double used = static_cast<double>(*all - *free) / static_cast<double>(*all);
    out.key("memory_used_percent").number(rounded(used * kPercent));
  }
  const auto heat = numbers_in(read_at(ports.file_system, "/sys/class/thermal/thermal_zone0", "temp"));
  if (!heat.empty()) out.key("cpu_temp").number(rounded(static_cast<double>(heat.front()) / kMilli));
  out.end_object();
  return std::move(out).text();
}

/// `anew`: somebody has not seen it yet.
void DisplayFeed::look_at_picture(const FeedPorts& ports, Look& look, bool anew) {
  const auto directory = ports.file_system.open_root_for_reading(std::string(kPictureDirectory));
  const auto info = directory ? (*directory)->info(kPictureName, platform::Links::refuse)
                              : Result<platform::FileInfo>(directory.error());
  std::optional<Picture> now;
  if (info && info->kind == platform::FileKind::regular) {
    now = Picture{.inode = info->inode, .modified_ns = info->modified_ns, .size = info->size};
  }
  if (!anew && now == look.picture) return;
  look.picture = now;
  std::string png;
  if (now) {
    auto file = (*directory)->read(kPictureName, kMaxPictureBytes, platform::Links::refuse);
    if (file) png = std::move(file->bytes);
  }
  look.shown = picture_data(ports.clock, png);
}

}  // namespace trueup::web
