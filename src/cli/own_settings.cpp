#include "cli/own_settings.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "json/document.h"

namespace trueup::cli {
namespace {

constexpr const char* kSettings = "config/trueup/settings.json";

}  // namespace

Result<std::string> own_setting(const std::string& root, const platform::FileSystem& file_system,
                                std::string_view key) {
  ASSIGN_OR_RETURN(const auto directory, file_system.open_root_for_reading(root));
  auto file = directory->read(kSettings, limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) {
    if (file.error().code == ErrorCode::not_found) return std::string();
    return std::move(file).error().within("trueup's own settings");
  }
  auto document = json::Document::parse(std::move(file->bytes));
  if (!document) {
    Error error = std::move(document).error();
    error.where = kSettings;
    error.hint = "correct the file, or remove it: every setting in it is optional";
    return error;
  }
  const auto value = document->root().find(key);
  if (!value) return std::string();
  auto text = value->string();
  if (text) return std::move(*text);
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("\"{}\" is {}, not text", key, json::describe(value->kind())),
               .where = kSettings};
}

}  // namespace trueup::cli
