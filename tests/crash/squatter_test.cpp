// Another program makes a file of its own under the very name that a rename is about to take, between the last look and
// the call: promise 2 holds for that file as well, whether the name is a document's, a plugin's, or one of trueup's
// own.
#include <fmt/core.h>

#include <set>
#include <string>

#include "power_cut.h"
#include "promises_kept.h"
#include "scenario_names.h"

namespace trueup::test {
namespace {

using platform::Call;

constexpr const char* kTheirs = "somebody else's, made just now";

bool exists(const platform::MemoryFileSystem& disk, const std::string& path) {
  const auto slash = path.rfind('/');
  const auto above = disk.open_root_for_reading(path.substr(0, slash));
  return above && (*above)->info(path.substr(slash + 1), platform::Links::refuse).has_value();
}

/// A name that only trueup gives, for the time of one change, and then removes: whoever writes there is not somebody
/// with a file to lose.
bool is_for_the_moment(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.find(".trueup-") != std::string::npos || path.find("/staging/") != std::string::npos;
}

class Squatter final : public platform::Observer {
 public:
  Squatter(platform::MemoryFileSystem& disk, int n) : disk_(disk), n_(n) { disk_.set_observer(this); }
  ~Squatter() override { disk_.set_observer(nullptr); }
  Squatter(const Squatter&) = delete;
  Squatter& operator=(const Squatter&) = delete;

  Status before(const Call& call) override {
    if (call.operation != platform::Operation::rename || is_for_the_moment(call.to_path)) return ok();
    if (exists(disk_, call.to_path) || ++seen_ != n_) return ok();
    hit = call;
    disk_.put_file(call.to_path, kTheirs);
    return ok();
  }
  void after(const Call& /*call*/) override {}

  Call hit;  // the rename that came too late; no path: there were fewer

 private:
  platform::MemoryFileSystem& disk_;
  int n_;
  int seen_ = 0;
};

std::string what_is_lost(const Ends& ends, const Place& place) {
  std::set<std::string_view> contents;
  const Tree now = place.all();
  for (const auto& [path, node] : now) contents.insert(node.content);
  if (!contents.contains(kTheirs)) return "what the other program wrote";
  for (const auto& [path, node] : ends.before) {
    if (!contents.contains(node.content)) return path;
  }
  return "";
}

class Squatting : public testing::TestWithParam<Scenario> {};

TEST_P(Squatting, on_a_name_that_is_about_to_be_taken_loses_nothing) {
  const Ends ends = ends_of(GetParam());
  int n = 1;
  for (;; ++n) {
    Place place(ends.start, 3);
    Call hit;
    {
      Squatter squatter(place.disk, n);
      auto world = place.world();
      (void)GetParam().run(world);  // it may be done, or refuse: either loses nothing
      hit = squatter.hit;
    }
    if (hit.path.empty()) break;
    SCOPED_TRACE(hit.text());
    EXPECT_EQ(what_is_lost(ends, place), "");
    // In trueup's own directories nobody else has any business: a start may ask for it to be taken out of the way.
    const Status started = recover(place);
    const bool names_it = !started && started.error().text().find(hit.to_path) != std::string::npos;
    EXPECT_TRUE(started || (hit.to_path.find("/.trueup") != std::string::npos && names_it)) << started.error().text();
    EXPECT_EQ(what_is_lost(ends, place), "") << "after the next start";
  }
  EXPECT_GT(n, 1) << "no name was taken at all";
}

INSTANTIATE_TEST_SUITE_P(Of, Squatting, testing::ValuesIn(all_scenarios()), name_of);

}  // namespace
}  // namespace trueup::test
