#include "support/store_home.h"

#include <fmt/core.h>

namespace trueup::test {

StoreHome::StoreHome(const std::string& binary) : trueup(binary, home) {
  trueup.use_registry(server.url(kRegistry));
  home.write("config/trueup/settings.json", fmt::format(R"({{"ca_file": "{}"}})", server.ca_file()));
}

StoreHome& StoreHome::offer(std::string_view id, std::string_view version, std::string_view directory,
                            std::string_view entry) {
  const std::string_view name = directory.empty() ? id : directory;
  write_plugin(in_repository(name), name, version);
  return list(fmt::format(
      R"({{"id": "{}", "name": "{}", "description": "shows {}", "author": "someone", "category": "time",
           "repo": "{}", "branch": "main", "plugin_path": "plugins/{}", "latest_version": "{}", "verified": true{}}})",
      id, id, id, server.url("/u/plugins"), name, version, entry));
}

StoreHome& StoreHome::list(std::string_view entry) {
  entries_ += fmt::format("{}{}", entries_.empty() ? "" : ",\n", entry);
  return *this;
}

void StoreHome::publish() {
  server.put(kRegistry, fmt::format(R"({{"last_updated": "2026-02-01", "plugins": [{}]}})", entries_));
  put_archive(zip_of(archive()));
}

}  // namespace trueup::test
