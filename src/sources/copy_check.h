// Whether a text may stand in for a document, as a copy of it: not one that is plainly another document's, and not one
// that would lay open what the secrets file holds. config.json can be read by everybody, and so can what is kept of it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/value.h"
#include "model/document.h"

namespace trueup::sources {

/// The values of a secrets file, to be recognised where they do not belong. Placeholders are none.
class SecretValues {
 public:
  SecretValues() = default;
  explicit SecretValues(json::Value secrets);

  /// Where `document` holds one: at the same place, or a long text anywhere. As setting_key_text writes it.
  [[nodiscard]] std::optional<std::string> found_in(json::Value document) const;

 private:
  using Path = std::vector<std::string>;
  void add(json::Value value, Path& path);
  [[nodiscard]] bool look(json::Value value, Path& path) const;

  std::map<Path, std::string> at_;  // as JSON text
  std::set<std::string> long_texts_;
};

/// Why the text `root` at `path` is no copy of `document`: the rest of a sentence that begins with "this copy". Nothing
/// when it may be one.
std::optional<std::string> why_no_copy(model::DocumentName document, const std::string& path, json::Value root,
                                       const SecretValues& secrets);

}  // namespace trueup::sources
