// The JSON files of an installation that trueup edits, by name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace trueup::model {

enum class DocumentName : std::uint8_t { config, secrets, state, tombstones, saved_repositories };

inline constexpr std::array kAllDocuments{DocumentName::config, DocumentName::secrets, DocumentName::state,
                                          DocumentName::tombstones, DocumentName::saved_repositories};

std::string_view to_string(DocumentName document);
/// Where it lies below the root.
std::string_view relative_path(DocumentName document);

}  // namespace trueup::model
