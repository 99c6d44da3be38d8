// Random sequences of what happens to a display, against a small model: the owner edits, drops and deletes
// directories, files rot, plugins are installed and removed, the registry comes and goes, clocks jump, the power is
// cut, another trueup is at work. After each step the owner's words stand; in the end everything comes to rest.
#include <fmt/core.h>

#include <array>
#include <chrono>
#include <map>
#include <set>

#include "engine/configure.h"
#include "engine/install.h"
#include "engine/look.h"
#include "engine/reconcile.h"
#include "engine/session.h"
#include "engine/set_enabled.h"
#include "engine/uninstall.h"
#include "json/document.h"
#include "place.h"
#include "platform/crash_disk.h"
#include "promises_kept.h"
#include "support/property.h"

namespace trueup::test {
namespace {

const std::vector<std::string> kIds{"clock", "news", "radar"};
constexpr int kRepetitions = 150;

/// What the owner has said last of one plugin; more than one answer where the power went in the middle of a change.
struct Wish {
  std::set<std::string> enabled;  // texts that config.json may hold at <id>.enabled; "" stands for none
  std::set<std::string> color;    // and at <id>.color, which only the owner and `config set` write
  bool directory_is_theirs = false;
};

class Machine {
 public:
  explicit Machine(Choices& choices) : choices_(choices), place_(std::make_unique<Place>()) {
    place_->add_plugin("bystander");
    for (const auto& id : kIds) {
      place_->add_plugin(id);
      wishes_[id] = {.enabled = {"true"}, .color = {"\"red\""}, .directory_is_theirs = true};
    }
    place_->configure({{"bystander", R"({"enabled": true})"},
                       {"clock", R"({"enabled": true, "color": "red"})"},
                       {"news", R"({"enabled": true, "color": "red"})"},
                       {"radar", R"({"enabled": true, "color": "red"})"}});
    offer_all();
  }

  std::string run() {
    const std::size_t steps = 2 + choices_.pick(14);
    for (std::size_t i = 0; i < steps; ++i) {
      step();
      if (auto broken = owners_words(); !broken.empty()) return fmt::format("{}\nafter: {}", broken, story_);
    }
    if (auto broken = comes_to_rest(); !broken.empty()) return fmt::format("{}\nafter: {}", broken, story_);
    return "";
  }

 private:
  void offer_all() {
    for (const auto& id : kIds) place_->offer(id, "2.0.0");
  }

  void step() {
    const std::string& id = kIds[choices_.pick(kIds.size())];
    switch (choices_.pick(17)) {
      case 0: return edit(id, "enabled", "true");
      case 1: return edit(id, "enabled", "false");
      case 2: return edit(id, "color", fmt::format("\"{}\"", choices_.pick(5)));
      case 3: return verb("install " + id, id, [&](auto& world) { return engine::install(world, id); });
      case 4: return remove(id);
      case 5: return switch_to(id, true);
      case 6: return switch_to(id, false);
      case 7: return set_color(id);
      case 8: return delete_directory(id);
      case 9: return drop_directory(id);
      case 10: return damage_state();
      case 11: return change_registry();
      case 12: return busy(id);
      case 13: return set_the_clock();
      case 14: return write_a_stale_config();
      case 15: return unset_color(id);
      default: return pass();
    }
  }

  /// What stands in config.json at <id>.<key>, as text; "" for nothing.
  [[nodiscard]] std::string stands(const std::string& id, const std::string& key) const {
    const auto document = json::Document::parse(place_->read("config/config.json"), json::Dialect::python);
    if (!document) return "(no JSON)";
    auto section = document->root().find(id);
    if (!section || !section->is_object()) return "";
    const auto value = section->find(key);
    return value ? std::string(value->text()) : "";
  }

  void tell(const std::string& what) { story_ += "\n  " + what; }

  /// An editor: the whole file anew.
  void edit(const std::string& id, const std::string& key, const std::string& value) {
    const std::string now = stands(id, key);
    if (now.empty()) return;
    std::string text = place_->read("config/config.json");
    const auto section = text.find("\"" + id + "\"");
    const auto at = text.find(now, text.find("\"" + key + "\"", section));
    text.replace(at, now.size(), value);
    place_->write("config/config.json", text);
    read_long_ago_ = text;
    (key == "enabled" ? wishes_[id].enabled : wishes_[id].color) = {value};
    tell(fmt::format("the owner writes {}.{} = {}", id, key, value));
  }

  /// Runs it, perhaps through a power cut. `may`: what it may leave besides what stands.
  template <typename Run>
  void verb(const std::string& name, const std::string& id, Run&& run, const std::string& enabled = {},
            const std::string& color = {}) {
    const auto start = place_->disk.image();
    place_->disk.clear_log();
    bool done = false;
    {
      auto world = place_->world();
      done = run(world).has_value();
    }
    const auto log = place_->disk.log();
    const bool cut = choices_.one_in(4) && !log.empty();
    tell(fmt::format("{}: {}{}", name, done ? "done" : "refused", cut ? ", the power goes meanwhile" : ""));
    Wish& wish = wishes_[id];
    const auto take = [&](std::set<std::string>& wished, const std::string& value) {
      if (value.empty() || !done) return;
      if (!cut) wished.clear();
      wished.insert(value);
    };
    take(wish.enabled, enabled);
    take(wish.color, color);
    if (!cut) return;
    const std::size_t at = choices_.pick(256) * log.size() / 256;
    auto disks = platform::surviving_disks(start, log, at, {.random_selections = 2, .seed = at + 1, .most_singles = 2});
    place_ = std::make_unique<Place>(std::move(disks[choices_.pick(disks.size())].image), ++life_);
    if (!recover(*place_)) tell("the next start fails");
    settle(id);
  }

  /// After a cut what stands is one of the two, and from now on that one.
  void settle(const std::string& id) {
    for (auto* wished : {&wishes_[id].enabled, &wishes_[id].color}) {
      const std::string now = stands(id, wished == &wishes_[id].enabled ? "enabled" : "color");
      if (wished->contains(now)) *wished = {now};
    }
  }

  void switch_to(const std::string& id, bool on) {
    verb(
        on ? "enable " + id : "disable " + id, id, [&](auto& world) { return engine::set_enabled(world, id, on); },
        on ? "true" : "false");
  }
  void set_color(const std::string& id) {
    const std::string color = fmt::format("\"c{}\"", choices_.pick(5));
    verb(
        "config set " + id, id, [&](auto& world) { return engine::set_setting(world, id, {"color"}, color); }, {},
        color);
  }
  void unset_color(const std::string& id) {
    const std::string now = stands(id, "color");
    const Wish before = wishes_[id];
    if (!now.empty()) wishes_[id].color.insert("");
    verb("config unset " + id, id, [&](auto& world) {
      auto done = engine::unset_setting(world, id, {"color"});
      if (!done) wishes_[id] = before;  // refused: nothing has changed
      return done;
    });
    if (stands(id, "color").empty()) wishes_[id].color = {""};
  }
  void remove(const std::string& id) {
    const bool keeps = choices_.one_in(2);
    const auto settings = keeps ? engine::Settings::keep : engine::Settings::remove;
    Wish& wish = wishes_[id];
    if (!keeps) {
      wish.enabled.insert("");
      wish.color.insert("");
    }
    wish.directory_is_theirs = false;
    verb("uninstall " + id, id, [&](auto& world) { return engine::uninstall(world, id, settings); });
  }
  void delete_directory(const std::string& id) {
    place_->disk.erase(std::string(engine::kRoot) + "/plugin-repos/" + id);
    wishes_[id].directory_is_theirs = false;
    tell("the owner deletes the directory of " + id);
  }
  void drop_directory(const std::string& id) {
    if (!place_->read("plugin-repos/" + id + "/manifest.json").empty()) return;
    place_->add_plugin(id, "9.0.0");
    wishes_[id].enabled.insert("false");
    tell("the owner drops " + id + " 9.0.0 in");
  }
  void damage_state() {
    std::string text = place_->read("data/plugin_state.json");
    if (text.empty()) return;
    text[choices_.pick(256) * text.size() / 256] ^= 0x11;
    place_->write("data/plugin_state.json", text);
    tell("a byte of plugin_state.json flips");
  }
  void change_registry() {
    const std::size_t how = choices_.pick(3);
    if (how == 0) offer_all();
    if (how == 1) place_->disk.put_file("/registry/plugins.json", R"({"plugins": [{"id": "clo)");
    if (how == 2) place_->disk.put_file("/registry/plugins.json", R"({"plugins": []})");
    tell(how == 0   ? "the registry is up"
         : how == 1 ? "the registry answers with half a text"
                    : "the registry is empty");
  }
  void set_the_clock() {
    constexpr std::array<int, 4> kHours{-24 * 365, -1, 1, 24 * 365};
    const int hours = kHours[choices_.pick(kHours.size())];
    place_->jump(std::chrono::hours(hours));
    tell(fmt::format("the clock jumps {} h", hours));
  }
  /// A program that read config.json long ago saves it: these are its owner's words now, whatever they drop.
  void write_a_stale_config() {
    if (read_long_ago_.empty()) return;
    place_->write("config/config.json", read_long_ago_);
    for (const auto& id : kIds) {
      wishes_[id].enabled = {stands(id, "enabled")};
      wishes_[id].color = {stands(id, "color")};
    }
    tell("a program saves config.json as it read it long ago");
  }
  void busy(const std::string& id) {
    auto first = place_->world();
    const auto session = engine::Session::begin(first, "other");
    if (!session) return;
    auto second = place_->world();
    second.lock_wait = std::chrono::milliseconds(0);
    const auto before = place_->theirs();
    if (engine::install(second, id)) tell("two at work at once");
    tell("another trueup is at work");
  }
  void pass() {
    verb("reconcile", "bystander", [&](auto& world) { return engine::reconcile(world, {}); });
    for (const auto& id : kIds) settle(id);
  }

  [[nodiscard]] std::string owners_words() const {
    for (const auto& [id, wish] : wishes_) {
      if (id == "bystander") continue;
      for (const auto& [key, wished] : {std::pair{"enabled", &wish.enabled}, std::pair{"color", &wish.color}}) {
        const std::string now = stands(id, key);
        // A section that trueup adds says that it is off.
        if (wished->contains(now) || (now == "false" && key == std::string("enabled") && wished->contains("")))
          continue;
        return fmt::format("{}.{} is `{}` and not `{}`\n{}", id, key, now, wished->empty() ? "" : *wished->begin(),
                           place_->read("config/config.json"));
      }
    }
    for (const auto& [path, node] : place_->theirs()) {
      const bool manifest = path.starts_with("plugin-repos/") && path.ends_with("/manifest.json") &&
                            path.find(".standalone-backup-") == std::string::npos;
      const std::string code = path.substr(0, path.rfind('/')) + "/manager.py";
      if (manifest && place_->read(code).empty()) return "half a plugin is to be seen: " + path;
    }
    return "";
  }

  std::string comes_to_rest() {
    offer_all();
    constexpr int kPasses = 3;
    for (int i = 0; i < kPasses; ++i) {
      auto world = place_->world();
      const auto report = engine::reconcile(world, {});
      if (!report) return "a pass fails: " + report.error().text();
      if (report->error) return "a pass ends early: " + report->error->text();
      for (const auto& id : kIds) settle(id);
    }
    if (auto broken = owners_words(); !broken.empty()) return broken;
    auto world = place_->world();
    const auto planned = engine::plan(world, {});
    if (!planned) return planned.error().text();
    for (const auto& step : planned->plan.steps) {
      if (step.held.empty()) return "does not come to rest: " + step.summary;
    }
    return "";
  }

  Choices& choices_;
  std::unique_ptr<Place> place_;
  std::map<std::string, Wish> wishes_;
  std::string story_;
  std::string read_long_ago_;  // config.json as the owner's editor left it once
  unsigned life_ = 1;
};

TEST(StateMachine, whatever_happens_to_a_display_the_owners_words_stand_and_it_comes_to_rest) {
  const int times = std::getenv("TRUEUP_CRASH") != nullptr ? 40 * kRepetitions : kRepetitions;
  check_property(times, [](Choices& choices) {
    Machine machine(choices);
    const std::string broken = machine.run();
    if (!broken.empty()) RC_FAIL(broken);
  });
}

}  // namespace
}  // namespace trueup::test
