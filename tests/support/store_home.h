// An installation whose registry is a web server of the test: plugins in one repository, as the official one is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/installation.h"
#include "support/trueup_run.h"
#include "support/web_server.h"
#include "support/zip.h"

namespace trueup::test {

class StoreHome {
 public:
  explicit StoreHome(const std::string& binary);

  /// Lists it and puts it into the repository. `entry`: further members of its entry, as JSON that begins with a comma.
  StoreHome& offer(std::string_view id, std::string_view version = "1.0.0", std::string_view directory = "",
                   std::string_view entry = "");
  /// From now on another list; the repository keeps its files.
  StoreHome& list_anew() {
    entries_.clear();
    return *this;
  }
  /// Lists what stands in JSON.
  StoreHome& list(std::string_view entry);
  /// What is listed and in the repository, on the server.
  void publish();
  /// Bytes under the address where the repository's archive is.
  void put_archive(std::string_view bytes) { server.put(kArchive, bytes); }
  /// The files of the repository, to be changed before they are put anywhere.
  [[nodiscard]] std::vector<ZipEntry> archive() const { return entries_below(repository_.path(), "plugins-main/"); }
  [[nodiscard]] std::filesystem::path in_repository(std::string_view directory) const {
    return repository_.path() / "plugins" / directory;
  }
  [[nodiscard]] std::size_t archive_requests() const { return server.count(kArchive); }
  [[nodiscard]] std::size_t registry_requests() const { return server.count(kRegistry); }

  static constexpr std::string_view kArchive = "/u/plugins/archive/refs/heads/main.zip";
  static constexpr std::string_view kRegistry = "/plugins.json";

  WebServer server;
  Installation home;
  Trueup trueup;

 private:
  TempDirectory repository_;
  std::string entries_;
};

}  // namespace trueup::test
