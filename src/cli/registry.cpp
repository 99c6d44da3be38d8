#include "cli/registry.h"

#include <fmt/core.h>

#include "base/limits.h"
#include "cli/root.h"
#include "json/document.h"
#include "store/local_source.h"

namespace trueup::cli {
namespace {

constexpr const char* kSettings = "config/trueup/settings.json";
constexpr std::string_view kOfficial =
    "https://raw.githubusercontent.com/ChuckBuilds/ledmatrix-plugins/main/plugins.json";

/// A registry on the network. This version reads none, and says so instead of taking it for empty.
class UnfetchedSource final : public store::PluginSource {
 public:
  UnfetchedSource(std::string url, bool official) : url_(std::move(url)), official_(official) {}

  Result<model::RegistryFacts> registry() const override { return error(); }
  Result<std::vector<store::TreeFile>> contents(const model::RegistryEntry&, const store::FetchLimits&) const override {
    return error();
  }
  Result<store::FetchedPlugin> fetch(const model::RegistryEntry&, platform::WritableDirectory&,
                                     const store::FetchLimits&) const override {
    return error();
  }

 private:
  [[nodiscard]] Error error() const {
    return {.code = ErrorCode::unsupported,
            .message = fmt::format("{} cannot be fetched by this version; missing plugins wait",
                                   official_ ? "the official registry" : "a registry on the network"),
            .where = url_,
            .hint = "`--registry DIR` takes a local one, `--registry none` does without"};
  }

  std::string url_;
  bool official_;
};

/// "registry" of our own settings; empty when there is none.
Result<std::string> registry_in_settings(const std::string& root, const platform::FileSystem& file_system) {
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
  const auto value = document->root().find("registry");
  if (!value) return std::string();
  auto text = value->string();
  if (text) return std::move(*text);
  return Error{.code = ErrorCode::invalid,
               .message = fmt::format("\"registry\" is {}, not text", json::describe(value->kind())),
               .where = kSettings};
}

}  // namespace

Result<std::unique_ptr<store::PluginSource>> find_registry(const std::string& given,
                                                           const std::string& working_directory,
                                                           const std::string& root,
                                                           const platform::Environment& environment,
                                                           const platform::FileSystem& file_system) {
  using Source = std::unique_ptr<store::PluginSource>;
  std::string where = given;
  std::string base = working_directory;
  if (where.empty()) where = environment.get("TRUEUP_REGISTRY").value_or("");
  if (where.empty()) {
    ASSIGN_OR_RETURN(where, registry_in_settings(root, file_system));
    base = root;
  }
  if (where == "none") return Source();
  if (where.empty()) return Source(std::make_unique<UnfetchedSource>(std::string(kOfficial), true));
  if (where.starts_with("http://") || where.starts_with("https://")) {
    return Source(std::make_unique<UnfetchedSource>(where, where == kOfficial));
  }
  return Source(std::make_unique<store::LocalSource>(file_system, absolute_path(where, base)));
}

}  // namespace trueup::cli
