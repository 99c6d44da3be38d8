// `trueup check DIR`: what a plugin's author should mend before anybody installs it. Pure: the bytes of its files in,
// remarks with their places out.
//
// It goes by what LEDMatrix really needs and by what real plugins really do (formats 3.3, 6.1): no remark is made
// about a missing category, a `max_ledmatrix_version`, an update interval of 0 or an empty list of modes. Nothing of
// the plugin is run, and no text of it is trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/file_system.h"

namespace trueup::sources {

struct Remark {
  enum class Weight : std::uint8_t {
    problem,  // it is refused, or cannot work
    advice,   // it works, and is hardly what its author means
  };
  Weight weight = Weight::problem;
  std::string file;  // below the plugin's directory
  std::size_t line = 0;
  std::size_t column = 0;  // both 0: the remark is about the whole file
  std::string says;
  bool operator==(const Remark&) const = default;
};

/// A file that the manifest names, and why it cannot be used; empty when it can.
struct NamedFile {
  std::string path;
  std::string problem;
  bool operator==(const NamedFile&) const = default;
};

/// An error's text with its place, "line 4, column 15: ...", where it gives one.
Remark remark_on(std::string file, std::string_view error);

struct PluginFiles {
  std::string directory_name;
  std::optional<std::string> manifest;  // bytes; nothing: it is not there
  std::optional<std::string> schema;    // of config_schema.json
  std::optional<std::string> entry;     // of the file with the code
  std::vector<NamedFile> named;
  std::vector<std::string> links;     // anywhere below the directory
  std::vector<std::string> odd;       // pipes, sockets and devices there
  std::vector<NamedFile> alike;       // what differs from another name by capital letters alone, and from which
  std::vector<NamedFile> unreadable;  // the manifest, the schema or the code: it is there, and why it cannot be read
};

/// Error: the directory cannot be read.
Result<PluginFiles> read_plugin_files(const platform::Directory& plugin, std::string directory_name);

/// By file, then by place.
std::vector<Remark> check_plugin(const PluginFiles& files);

/// Of config_schema.json alone. For check_plugin.
std::vector<Remark> check_plugin_schema(const std::string& bytes);

}  // namespace trueup::sources
