#include "engine/pictures.h"
#include "scenario_lists.h"

namespace trueup::test {
namespace {

using engine::World;

constexpr const char* kUploads = "/uploads/";
constexpr const char* kPng = "\x89PNG\r\n\x1a\nboat";

void with_pictures(Place& place) {
  steady(place);
  place.write("assets/plugins/clock/uploads/old.png", kPng);
  place.write("assets/plugins/clock/uploads/.metadata.json",
              R"({"4711": {"filename": "old.png", "mine": 1e0}, "other":  [1.0]})");
}

Status add_two(World& world) {
  return status_of(engine::add_pictures(world, "clock",
                                        {{.name = "boat.png", .bytes = kPng}, {.name = "b.gif", .bytes = "GIF89a"}}));
}

Status remove_one(World& world) { return status_of(engine::remove_picture(world, "clock", "4711")); }

}  // namespace

std::vector<Scenario> picture_verbs() {
  return {
      {.name = "picture add", .lay_out = with_pictures, .run = add_two},
      {.name = "picture remove", .lay_out = with_pictures, .run = remove_one},
      {.name = "picture add onto another disk",
       .lay_out = with_pictures,
       .run = [](World& world) { return on_two_disks(world, kUploads, add_two); }},
      {.name = "picture remove from another disk",
       .lay_out = with_pictures,
       .run = [](World& world) { return on_two_disks(world, kUploads, remove_one); }},
  };
}

}  // namespace trueup::test
