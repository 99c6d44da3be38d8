#include "engine/python_requirements.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/digest.h"
#include "base/limits.h"
#include "sources/requirements.h"

namespace trueup::engine {
namespace {

using platform::Links;

constexpr const char* kServices = "/etc/systemd/system";
constexpr const char* kDisplayService = "ledmatrix.service";
constexpr std::string_view kProgram = "run.py";
constexpr std::string_view kExecStart = "ExecStart=";
constexpr std::size_t kMostServiceBytes = 64U << 10U;
constexpr const char* kRequirements = "requirements.txt";

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_python(std::string_view word) {
  return word.starts_with('/') && word.substr(word.rfind('/') + 1).starts_with("python");
}

/// The first word of a command line that starts the display of this root; empty when it is not that.
std::string interpreter_in(const std::vector<std::string>& words, const std::string& root,
                           const std::optional<std::string>& working_directory) {
  const bool starts_display = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    const bool here = working_directory && *working_directory == root && word == kProgram;
    return here || word == root + "/" + std::string(kProgram);
  });
  const auto python = std::find_if(words.begin(), words.end(), is_python);
  return starts_display && python != words.end() ? *python : std::string();
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string interpreter_of_service(const World& world, const std::string& root) {
  const auto services = world.file_system.open_root_for_reading(kServices);
  const auto file = services ? (*services)->read(kDisplayService, kMostServiceBytes, Links::follow)
                             : Result<platform::FileBytes>(services.error());
  if (!file) return {};
  const std::string& text = file->bytes;
  const std::size_t at = text.find(kExecStart);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kExecStart.size();
  return interpreter_in(words_of(std::string_view(text).substr(begin, text.find('\n', begin) - begin)), root, {});
}

/// Absolute path of the interpreter, or empty.
std::string interpreter_of_display(const World& world, const platform::ProcessTable& processes,
                                   const std::string& root) {
  const auto running = processes.select([](const platform::Process& process) {
    return std::any_of(process.arguments.begin(), process.arguments.end(),
                       [](const std::string& word) { return word.ends_with(kProgram); });
  });
  if (running) {
    for (const platform::Process& process : *running) {
      std::string found = interpreter_in(process.arguments, root, process.working_directory);
      if (!found.empty()) return found;
    }
  }
  return interpreter_of_service(world, root);
}

/// Distributions of one directory; false when it is there and cannot be read.
bool add_packages(const World& world, const std::string& path, sources::Distributions& distributions) {
  const auto directory = world.file_system.open_root_for_reading(path);
  if (!directory) return directory.error().code == ErrorCode::not_found;
  const auto entries = (*directory)->list();
  if (!entries) return false;
  for (const auto& entry : *entries) sources::add_distribution(entry.name, distributions);
  return true;
}

/// lib/python3.11/site-packages and the like below a prefix; false as above.
bool add_library(const World& world, const std::string& library, sources::Distributions& distributions) {
  const auto directory = world.file_system.open_root_for_reading(library);
  if (!directory) return directory.error().code == ErrorCode::not_found;
  const auto entries = (*directory)->list();
  if (!entries) return false;
  for (const auto& entry : *entries) {
    if (!entry.name.starts_with("python3")) continue;
    for (const char* folder : {"/site-packages", "/dist-packages"}) {
      if (!add_packages(world, library + "/" + entry.name + folder, distributions)) return false;
    }
  }
  return true;
}

/// Everything that it may import from; nothing where a part of that cannot be read, or there is none.
std::optional<sources::Distributions> distributions_of(const World& world, const std::string& interpreter) {
  sources::Distributions distributions;
  const std::string prefix = directory_of(directory_of(interpreter));
  const auto environment = world.file_system.open_root_for_reading(prefix.empty() ? "/" : prefix);
  if (!environment) return std::nullopt;
  const auto own = (*environment)->read("pyvenv.cfg", kMostServiceBytes, Links::follow);
  const bool alone = own && own->bytes.find("include-system-site-packages = true") == std::string::npos;
  bool whole = add_library(world, prefix + "/lib", distributions);
  if (!alone) {
    for (const char* library : {"/usr/lib", "/usr/local/lib", "/root/.local/lib"}) {
      whole = whole && add_library(world, library, distributions);
    }
  }
  if (!whole || distributions.empty()) return std::nullopt;
  return distributions;
}

/// By its whole path, as pip is told.
std::string path_of(const World& world, const model::Observation& observation, const std::string& directory) {
  const std::string& plugins = observation.disk.path;
  return (plugins.starts_with('/') ? "" : world.root + "/") + plugins + "/" + directory;
}

/// Nothing where it asks for nothing that is missing, or cannot be read.
std::optional<model::MissingRequirements> missing_in(const World& world, const std::string& directory,
                                                     const std::string& interpreter,
                                                     const sources::Distributions& distributions) {
  const auto opened = world.file_system.open_root_for_reading(directory);
  const auto file = opened ? (*opened)->read(kRequirements, limits::kMaxManifestBytes, Links::refuse)
                           : Result<platform::FileBytes>(opened.error());
  if (!file) return std::nullopt;
  auto missing = sources::unmet(sources::decode_requirements(file->bytes), distributions);
  if (missing.empty()) return std::nullopt;
  return model::MissingRequirements{.file = directory + "/" + kRequirements,
                                    .missing = std::move(missing),
                                    .marked = (*opened)->info(kMarker, Links::refuse).has_value(),
                                    .odd_line = sources::odd_line(file->bytes),
                                    .digest = sha256_hex(interpreter + "\n" + file->bytes)};
}

}  // namespace

model::PythonFacts find_missing_requirements(const World& world, const platform::ProcessTable& processes,
                                             const platform::Directory& root, const model::Observation& observation) {
  model::PythonFacts python;
  const auto real_root = root.real_path(".");
  const std::string interpreter = interpreter_of_display(world, processes, real_root ? *real_root : world.root);
  const auto distributions =
      interpreter.empty() ? std::optional<sources::Distributions>() : distributions_of(world, interpreter);
  if (!distributions) return python;
  python.interpreter = interpreter;
  for (const model::PluginDirectory& plugin : observation.disk.directories) {
    if (plugin.manifest != model::ManifestVerdict::good) continue;
    auto found = missing_in(world, path_of(world, observation, plugin.name), interpreter, *distributions);
    if (!found) continue;
    found->directory = plugin.name;
    python.missing.push_back(std::move(*found));
  }
  return python;
}

}  // namespace trueup::engine
