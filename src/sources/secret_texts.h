// Which values of a document are secret: one decision for everything that goes out, whatever it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "model/document.h"

namespace trueup::sources {

/// Texts and numbers: all of the secrets file; of another document what lies under a name that tells of a secret, and
/// addresses that hold a password. They live as long as the document.
std::vector<json::Value> hidden_values(json::Value root, model::DocumentName document);

inline constexpr std::string_view kNotShown = "[not shown]";

/// "mended [not shown]": `text`, which another program wrote, without any of `secrets`: as they are, as an address
/// spells them ("%2B"), or begun at the end of a text that was cut off. A secret that is too short to be told from a
/// word counts only where it is the whole text. Requires: of two secrets of which one is a part of the other, the
/// longer one first.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace trueup::sources
