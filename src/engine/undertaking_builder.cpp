#include "engine/undertaking_builder.h"

#include <fmt/core.h>

#include <algorithm>

#include <utility>
#include <variant>

namespace trueup::engine {

std::string file_name(model::DocumentName document) {
  const std::string_view path = model::relative_path(document);
  return std::string(path.substr(path.rfind('/') + 1));
}

UndertakingBuilder::UndertakingBuilder(std::int64_t number) { undertaking_.kept_number = number; }

std::string UndertakingBuilder::kept_path(std::string_view name) const {
  return fmt::format("kept/{}-{}", undertaking_.kept_number, name);
}

void UndertakingBuilder::begin_deed(Deed deed) { undertaking_.deeds.push_back(std::move(deed)); }

std::size_t UndertakingBuilder::operation_for(model::DocumentName document) {
  for (std::size_t i = 0; i < undertaking_.operations.size(); ++i) {
    const auto* edit = std::get_if<EditDocument>(&undertaking_.operations[i]);
    if (edit != nullptr && edit->document == document) return i;
  }
  undertaking_.operations.emplace_back(EditDocument{
      .document = document, .exact = {}, .edits = {}, .lay_out = true, .kept = kept_path(file_name(document))});
  materials_.emplace_back();
  return undertaking_.operations.size() - 1;
}

void UndertakingBuilder::add(const std::vector<model::DocumentEdit>& edits) {
  for (const auto& edit : edits) {
    const std::size_t index = operation_for(edit.document);
    auto& all = std::get<EditDocument>(undertaking_.operations[index]).edits;
    auto& parts = deed().parts;
    const auto same = [index](const Deed::Part& part) { return part.operation == index; };
    auto part = std::find_if(parts.begin(), parts.end(), same);
    if (part == parts.end()) part = parts.insert(parts.end(), {.operation = index, .first = all.size(), .count = 0});
    ++part->count;
    all.push_back(edit);
  }
}

void UndertakingBuilder::expect_edits(model::DocumentName document, std::size_t count) {
  std::get<EditDocument>(undertaking_.operations[operation_for(document)]).edits.reserve(count);
}

void UndertakingBuilder::add(Operation operation, Materials materials) {
  if (auto* edit = std::get_if<EditDocument>(&operation)) edit->kept = kept_path(file_name(edit->document));
  if (auto* replace = std::get_if<ReplaceDocument>(&operation)) replace->kept = kept_path(file_name(replace->document));
  if (auto* aside = std::get_if<SetDirectoryAside>(&operation)) aside->kept = kept_path(aside->directory);
  if (auto* notes = std::get_if<NotePictures>(&operation)) notes->kept = kept_path(kPictureNotes);
  deed().parts.push_back({.operation = undertaking_.operations.size(), .first = 0, .count = 0});
  undertaking_.operations.push_back(std::move(operation));
  materials_.push_back(std::move(materials));
}

}  // namespace trueup::engine
