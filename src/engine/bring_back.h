// A whole copy of a plugin that an interrupted install set aside comes back before any verb decides about that plugin:
// else a setting would be checked against no schema, and "not installed" would be told of what is there (design
// section 5).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/unfinished.h"
#include "engine/world.h"

namespace trueup::engine {

/// look_when_settled for a verb about one plugin, by any of its names. Error also: the copy could not be put back.
Result<SettledLook> look_when_whole(World& world, const std::string& verb, const std::string& name);

/// Whose copies come back: of these plugins, by any of their names, or of every one.
struct Whose {
  std::vector<std::string> names;
  bool all = false;
};

struct NotBroughtBack {
  std::string plugin_id;
  std::string says;  // one sentence
};

/// For a verb about several plugins that has looked: puts back what `settled` shows to lie aside, tells so in its
/// notes, and looks again. One that could not be put back hinders no other one.
Result<std::vector<NotBroughtBack>> bring_back(World& world, const std::string& verb, const Whose& whose,
                                               SettledLook& settled,
                                               sources::SettingsCheck settings = sources::SettingsCheck::skip);

}  // namespace trueup::engine
