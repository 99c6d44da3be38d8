#include "cli/registry.h"

#include <fmt/core.h>

#include "cli/root.h"
#include "store/local_source.h"

namespace trueup::cli {
namespace {

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

}  // namespace

std::unique_ptr<store::PluginSource> find_registry(const std::string& given, const std::string& working_directory,
                                                   const std::string& root, const std::string& in_settings,
                                                   const platform::Environment& environment,
                                                   const platform::FileSystem& file_system) {
  std::string where = given;
  std::string base = working_directory;
  if (where.empty()) where = environment.get("TRUEUP_REGISTRY").value_or("");
  if (where.empty()) {
    where = in_settings;
    base = root;
  }
  if (where == "none") return nullptr;
  if (where.empty()) return std::make_unique<UnfetchedSource>(std::string(kOfficial), true);
  if (where.starts_with("http://") || where.starts_with("https://")) {
    return std::make_unique<UnfetchedSource>(where, where == kOfficial);
  }
  return std::make_unique<store::LocalSource>(file_system, absolute_path(where, base));
}

}  // namespace trueup::cli
