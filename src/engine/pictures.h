// `trueup picture add|remove`: pictures that an owner uploads for a plugin, and takes away again.
//
// Everything about them is a stranger's until it was checked (failure F144): their names become nothing but a note,
// what is in them has to be what their ending says, and what a picture is called on the disk is decided here. What is
// taken away is kept, and `undo` brings it back. All of one command or nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/uploads.h"
#include "engine/world.h"
#include "model/picture.h"

namespace trueup::engine {

struct NewPicture {
  std::string name;  // as it is called where it comes from
  std::string bytes;
};

/// One that somebody else holds.
struct PictureView {
  PictureView(std::string the_name, std::string_view the_bytes) : name(std::move(the_name)), bytes(the_bytes) {}
  PictureView(const NewPicture& picture) : name(picture.name), bytes(picture.bytes) {}  // NOLINT(*-explicit-*)
  std::string name;
  std::string_view bytes;
};

struct PictureReport {
  std::string plugin_id;
  std::vector<Upload> pictures;  // that were added, or taken away
  std::size_t total = 0;         // that the plugin has now; of add_pictures
  std::vector<std::string> notes = {};
  std::vector<std::int64_t> history = {};
};

/// What an installed plugin's schema allows of them. A schema that cannot be used allows what trueup does.
/// Error: not_found, it is no installed plugin.
Result<model::PictureRules> picture_rules_of(World& world, const std::string& name);

/// Whether these may be added to `there`. Pure. Error: invalid, and why.
Status check_pictures(const std::vector<Upload>& there, const std::vector<PictureView>& pictures,
                      const model::PictureRules& rules);

/// Error: not_found, it is no installed plugin; invalid; unreadable, what LEDMatrix notes beside them cannot be read.
Result<PictureReport> add_pictures(World& world, const std::string& name, std::vector<NewPicture> pictures);

/// `picture`: its id, or what its file is called. Also of a plugin that has gone and left them. Error: not_found.
Result<PictureReport> remove_picture(World& world, const std::string& name, const std::string& picture);

}  // namespace trueup::engine
