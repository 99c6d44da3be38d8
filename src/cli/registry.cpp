#include "cli/registry.h"

#include <utility>

#include "base/limits.h"
#include "cli/root.h"
#include "json/edit.h"
#include "store/child_fetcher.h"
#include "store/local_source.h"
#include "store/network_source.h"

namespace trueup::cli {
namespace {

constexpr std::string_view kOfficial =
    "https://raw.githubusercontent.com/ChuckBuilds/ledmatrix-plugins/main/plugins.json";
constexpr const char* kSecrets = "config/config_secrets.json";
constexpr std::string_view kPlaceholder = "YOUR_";

/// Of the first of these variables that says something.
std::string variable(const platform::Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment.get(name); value && !value->empty()) return std::move(*value);
  }
  return {};
}

/// The owner's token for GitHub; none where there is none, or only the example of the template. It goes to the child
/// program and nowhere else.
std::string github_token(const platform::FileSystem& disk, const std::string& root) {
  const auto directory = disk.open_root_for_reading(root);
  if (!directory) return {};
  auto file = (*directory)->read(kSecrets, limits::kMaxConfigBytes, platform::Links::follow);
  if (!file) return {};
  const auto document = json::Document::parse(std::move(file->bytes));
  const auto value = document ? json::find(*document, {"github", "api_token"}) : std::nullopt;
  std::string token = value ? value->string().value_or("") : "";
  const std::size_t first = token.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  token = token.substr(first, token.find_last_not_of(" \t\r\n") - first + 1);
  return token.starts_with(kPlaceholder) ? "" : token;
}

bool is_address(const std::string& where) { return where.find("://") != std::string::npos; }

/// What was said of it, and below which directory it lies where it is a path.
struct Where {
  std::string said;
  std::string base;
};

Where where_is(const std::string& given, const std::string& root, const OwnSettings& settings, const Machine& machine) {
  std::string said = given;
  if (said.empty()) said = machine.environment.get("TRUEUP_REGISTRY").value_or("");
  if (!said.empty()) return {std::move(said), machine.working_directory};
  return {settings.registry.empty() ? std::string(kOfficial) : settings.registry, root};
}

}  // namespace

std::string local_registry(const std::string& given, const std::string& root, const OwnSettings& settings,
                           const Machine& machine) {
  const auto [said, base] = where_is(given, root, settings, machine);
  return said == "none" || is_address(said) ? std::string() : absolute_path(said, base);
}

std::unique_ptr<store::PluginSource> find_registry(const std::string& given, const std::string& root,
                                                   const OwnSettings& settings, const Machine& machine,
                                                   store::OnTransfer on_transfer) {
  auto [where, base] = where_is(given, root, settings, machine);
  if (where == "none") return nullptr;
  if (!is_address(where)) {
    return std::make_unique<store::LocalSource>(machine.file_system, absolute_path(where, base));
  }
  const std::string ca_file = settings.ca_file.empty() ? "" : absolute_path(settings.ca_file, root);
  const auto access = [&machine, root, ca_file, private_hosts = settings.private_hosts]() -> store::NetworkAccess {
    return {.token = github_token(machine.file_system, root),
            .ca_file = ca_file,
            .proxy = variable(machine.environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
            .no_proxy = variable(machine.environment, {"no_proxy", "NO_PROXY"}),
            .private_hosts = private_hosts};
  };
  return std::make_unique<store::NetworkSource>(
      store::NetworkSourceParts{.disk = machine.file_system,
                                .clock = machine.clock,
                                .random = machine.random,
                                .processes = machine.processes,
                                .fetcher = std::make_shared<store::ChildFetcher>("", machine.stop_wanted),
                                .root = root,
                                .url = std::move(where),
                                .is_root = machine.user_id == 0,
                                .access = access,
                                .on_transfer = std::move(on_transfer)});
}

}  // namespace trueup::cli
