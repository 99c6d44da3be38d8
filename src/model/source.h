// The sources an installation is observed through, and what reading each of them came to.
//
// "Could not read" is never "empty" (promise 1): a source is complete, absent or unreadable, and a rule that rests
// on something NOT being in a source needs that source to be known.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace trueup::model {

enum class Source : std::uint8_t {
  config,      // config/config.json
  secrets,     // config/config_secrets.json
  template_,   // config/config.template.json
  disk,        // the plugins directory
  state,       // data/plugin_state.json
  tombstones,  // config/uninstalled_plugins.json
  runtime,     // what the display process publishes
  registry,    // the store's list of plugins
  ledger,      // our own history, receipts, holds
};

inline constexpr std::array kAllSources{Source::config,  Source::secrets,  Source::template_,
                                        Source::disk,    Source::state,    Source::tombstones,
                                        Source::runtime, Source::registry, Source::ledger};

std::string_view to_string(Source source);

enum class Verdict : std::uint8_t { complete, absent, unreadable };

std::string_view to_string(Verdict verdict);

struct SourceReading {
  Source source = Source::config;
  Verdict verdict = Verdict::absent;
  std::string path;    // as shown to a person, relative to the root where it lies below it
  std::string reason;  // one word for programs, empty when complete: "syntax", "permission", "unmounted", …
  std::string detail;  // one sentence for people, empty when complete

  bool operator==(const SourceReading&) const = default;

  /// Complete or surely absent: what it lacks is really lacking.
  [[nodiscard]] bool known() const { return verdict != Verdict::unreadable; }
};

/// A set of sources: what a rule needs to be known.
class SourceSet {
 public:
  constexpr SourceSet() = default;
  constexpr SourceSet(std::initializer_list<Source> sources) {
    for (const Source source : sources) bits_ |= bit(source);
  }
  [[nodiscard]] constexpr bool contains(Source source) const { return (bits_ & bit(source)) != 0; }
  constexpr void insert(Source source) { bits_ |= bit(source); }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const SourceSet&) const = default;

 private:
  static constexpr std::uint32_t bit(Source source) { return 1U << static_cast<unsigned>(source); }
  std::uint32_t bits_ = 0;
};

}  // namespace trueup::model
