// Puts an undertaking together: however many deeds touch a document, it is one operation and one write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/undertaking.h"

namespace trueup::engine {

class UndertakingBuilder {
 public:
  /// `number` names what is displaced (Session::next_number).
  explicit UndertakingBuilder(std::int64_t number);

  /// That many deeds will follow, and that many edits of a document, which is from here on one of those written:
  /// thousands are not moved about.
  void expect(std::size_t deeds) { undertaking_.deeds.reserve(deeds); }
  void expect_edits(model::DocumentName document, std::size_t count);
  /// What follows belongs to this deed.
  void begin_deed(Deed deed);
  Deed& deed() { return undertaking_.deeds.back(); }
  void add(const std::vector<model::DocumentEdit>& edits);
  /// `kept` is filled in where the operation leaves it empty and displaces something.
  void add(Operation operation, Materials materials = {});
  void all_or_nothing() { undertaking_.whole = true; }

  /// ".trueup/kept/3-config.json" without the first part; "kept/3-clock" in the container for a directory.
  [[nodiscard]] std::string kept_path(std::string_view name) const;

  [[nodiscard]] bool empty() const { return undertaking_.operations.empty(); }
  [[nodiscard]] const Undertaking& undertaking() const { return undertaking_; }
  /// The same handed over: thousands of deeds are not copied.
  [[nodiscard]] Undertaking take() { return std::move(undertaking_); }
  [[nodiscard]] const std::vector<Materials>& materials() const { return materials_; }

 private:
  std::size_t operation_for(model::DocumentName document);

  Undertaking undertaking_;
  std::vector<Materials> materials_;
};

/// "config.json"
std::string file_name(model::DocumentName document);

}  // namespace trueup::engine
