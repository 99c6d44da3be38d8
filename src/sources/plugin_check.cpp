#include "sources/plugin_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "base/letter_case.h"
#include "base/limits.h"
#include "json/document.h"
#include "model/compatibility.h"
#include "model/display_mode.h"
#include "model/version.h"
#include "platform/tree.h"
#include "sources/documents.h"
#include "sources/manifest.h"
#include "sources/python_source.h"
#include "sources/receipt.h"

namespace trueup::sources {
namespace {

using Weight = Remark::Weight;

constexpr const char* kSchemaName = "config_schema.json";

/// The text of that value in the manifest, wherever it stands.
std::optional<json::Value> text_in(json::Value root, const std::string& text) {
  std::vector<json::Value> open{root};
  while (!open.empty()) {
    const json::Value value = open.back();
    open.pop_back();
    if (value.string() == text) return value;
    for (const json::Member& member : value.members()) open.push_back(member.value);
    for (const json::Value element : value.elements()) open.push_back(element);
  }
  return std::nullopt;
}

class ManifestCheck {
 public:
  ManifestCheck(const PluginFiles& files, const Manifest& manifest, json::Value root, std::vector<Remark>& remarks)
      : files_(files), manifest_(manifest), root_(root), remarks_(remarks) {}

  void run() {
    for (const FieldProblem& problem : manifest_.problems) {
      remarks_.push_back({Weight::problem, std::string(kManifestName), problem.line, problem.column,
                          fmt::format("`{}` {}", problem.field, problem.message)});
    }
    check_presence();
    check_modes();
    check_compatible();
    check_floors();
    check_code();
  }

 private:
  void say(Weight weight, std::optional<json::Value> where, std::string says) {
    const json::LineColumn place = where ? where->line_column() : json::LineColumn{0, 0};
    remarks_.push_back({weight, std::string(kManifestName), place.line, place.column, std::move(says)});
  }

  void check_presence() {
    for (const char* field : {"name", "display_modes"}) {
      if (!root_.find(field)) say(Weight::problem, {}, fmt::format("`{}` is missing: the store refuses it", field));
    }
    const auto name = root_.find("name");
    if (name && name->string() && blank(*name->string())) say(Weight::advice, name, "`name` is empty");
    check_version();
    if (!files_.directory_name.empty() && !manifest_.id.empty() && files_.directory_name != manifest_.id) {
      say(Weight::advice, root_.find("id"),
          fmt::format("the id is {} and the directory is called {}: LEDMatrix then finds no schema", manifest_.id,
                      files_.directory_name));
    }
  }

  void check_version() {
    const auto version = root_.find("version");
    if (!version || version->is_null() || (version->is_string() && manifest_.version.empty())) {
      say(Weight::advice, version, "no `version`: updates cannot be told");
    } else if (version->is_string() && !model::is_version(manifest_.version)) {
      say(Weight::advice, version,
          fmt::format("`version` is no version such as 1.2.0: \"{}\"; updates cannot be told", manifest_.version));
    }
  }

  /// What is not understood here says nothing to anybody.
  void check_compatible() {
    const auto list = root_.find("compatible_versions");
    if (!list) return;
    for (const json::Value element : list->elements()) {
      const auto text = element.string();
      if (!text || model::is_core_range(*text)) continue;
      say(Weight::advice, element,
          fmt::format("`compatible_versions` has \"{}\", which is no version and no range such as >=2.0.0", *text));
    }
  }

  void check_modes() {
    const auto modes = root_.find("display_modes");
    if (!modes) return;
    std::set<std::string> seen;
    for (const json::Value mode : modes->elements()) {
      const std::string name = mode.string().value_or("");
      std::string key = model::mode_key(name);
      if (!mode.is_string()) continue;
      if (key.empty()) {
        say(Weight::problem, mode, "a display mode without a name");
      } else if (seen.contains(key)) {
        say(Weight::advice, mode, fmt::format("the display mode {} stands in the list twice", name));
      } else if (name.front() == ' ' || name.back() == ' ') {
        say(Weight::advice, mode, fmt::format("the display mode \"{}\" has blanks around it", name));
      }
      seen.insert(std::move(key));
    }
  }

  static bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

  /// One spelling of the oldest LEDMatrix that the plugin works with.
  void check_floor(std::string_view key, json::Value value) {
    const auto text = value.string();
    if (!text) return;  // told with what is of the wrong type
    if (!model::is_version(*text)) {
      say(Weight::problem, value, fmt::format("`{}` is no version: \"{}\"", key, *text));
    } else if (model::compare_versions(*text, manifest_.minimum_core) == model::VersionOrder::older) {
      say(Weight::advice, value,
          fmt::format("`{}` is {}, but {} is asked for as well: the higher one counts", key, *text,
                      manifest_.minimum_core));
    }
  }

  void check_floors() {
    for (const model::StatedFloor& floor : model::stated_floors_of_manifest(root_)) {
      check_floor(floor.key, floor.value);
    }
    const auto versions = root_.find("versions");
    const auto newest = versions ? versions->at(0) : std::nullopt;
    if (!newest) return;
    const auto version = newest->find("version");
    const auto text = version ? version->string() : std::nullopt;
    if (text && *text != manifest_.version) {
      say(Weight::advice, version,
          fmt::format("the newest of `versions` is {}, the plugin is {}", *text, manifest_.version));
    }
  }

  void check_code() {
    for (const NamedFile& file : files_.named) {
      if (file.problem.empty()) continue;
      say(Weight::problem, text_in(root_, file.path), fmt::format("it names {}, and {}", file.path, file.problem));
    }
    if (!files_.entry || defines_class(*files_.entry, manifest_.class_name)) return;
    const auto place = root_.find("class_name");
    say(Weight::problem, place,
        manifest_.class_name.empty()
            ? fmt::format("{} defines no class", manifest_.entry_point)
            : fmt::format("{} does not define the class {}", manifest_.entry_point, manifest_.class_name));
  }

  const PluginFiles& files_;
  const Manifest& manifest_;
  json::Value root_;
  std::vector<Remark>& remarks_;
};

bool is_unreadable(const PluginFiles& files, std::string_view path) {
  return std::ranges::find(files.unreadable, path, &NamedFile::path) != files.unreadable.end();
}

void check_manifest(const PluginFiles& files, std::vector<Remark>& remarks) {
  if (!files.manifest && is_unreadable(files, kManifestName)) return;  // told as such
  if (!files.manifest) {
    remarks.push_back({.file = std::string(kManifestName), .says = "it is missing: this is no plugin"});
    return;
  }
  const ManifestReading reading = decode_manifest(*files.manifest);
  const auto document = parse_object(*files.manifest);
  if (!document) {
    remarks.push_back(remark_on(std::string(kManifestName), document.error().message));
    return;
  }
  if (reading.verdict != model::ManifestVerdict::good) {
    // The line of the finding names file and place, which a remark has beside it.
    std::string_view problem = reading.problem;
    if (problem.starts_with(kInManifest)) problem.remove_prefix(kInManifest.size());
    remarks.push_back(remark_on(std::string(kManifestName), problem));
  }
  for (const json::Note& note : document->notes()) {
    if (note.kind != json::NoteKind::duplicate_key) continue;
    remarks.push_back({Weight::advice, std::string(kManifestName), note.position.line, note.position.column,
                       fmt::format("`{}` stood before in the same object: only this one counts", note.key)});
  }
  ManifestCheck(files, reading.manifest, document->root(), remarks).run();
}

/// Why a named file cannot be used, or empty.
std::string problem_of(const platform::Directory& plugin, const std::string& path) {
  if (!is_path_beneath(path)) return "that is outside of the plugin";
  const auto info = plugin.info(path, platform::Links::refuse);
  if (!info) return info.error().code == ErrorCode::not_found ? "there is no such file" : info.error().message;
  if (info->kind != platform::FileKind::regular) return "that is no regular file";
  return info->size == 0 ? "that is empty" : "";
}

/// Names that differ from another's in the same directory by capital letters alone; what lies in one is not told again.
std::vector<NamedFile> spelled_like_others(const std::vector<platform::TreeEntry>& tree) {
  std::vector<NamedFile> alike;
  std::map<std::string, std::string> spelled;
  for (const platform::TreeEntry& entry : tree) {
    const auto [known, is_new] = spelled.try_emplace(without_case(entry.path), entry.path);
    const std::size_t slash = entry.path.rfind('/');
    const bool told_above = slash != std::string::npos &&
                            spelled.at(without_case(entry.path.substr(0, slash))) != entry.path.substr(0, slash);
    if (!is_new && !told_above) alike.push_back({entry.path, known->second});
  }
  return alike;
}

std::optional<std::string> read_if_there(const platform::Directory& plugin, const std::string& path, std::size_t limit,
                                         PluginFiles& files) {
  auto file = plugin.read(path, limit, platform::Links::refuse);
  if (file) return std::move(file->bytes);
  if (file.error().code != ErrorCode::not_found) files.unreadable.push_back({path, file.error().message});
  return std::nullopt;
}

}  // namespace

Result<PluginFiles> read_plugin_files(const platform::Directory& plugin, std::string directory_name) {
  PluginFiles files{.directory_name = std::move(directory_name)};
  files.manifest = read_if_there(plugin, std::string(kManifestName), limits::kMaxManifestBytes, files);
  files.schema = read_if_there(plugin, kSchemaName, limits::kMaxManifestBytes, files);
  ASSIGN_OR_RETURN(const auto tree, platform::list_tree(plugin));
  for (const platform::TreeEntry& entry : tree) {
    if (entry.kind == platform::FileKind::link) files.links.push_back(entry.path);
    if (entry.kind == platform::FileKind::other) files.odd.push_back(entry.path);
  }
  files.alike = spelled_like_others(tree);
  if (!files.manifest) return files;
  const ManifestReading reading = decode_manifest(*files.manifest);
  if (!reading.is_object) return files;
  for (const std::string& path : reading.manifest.named_files) {
    files.named.push_back({.path = path, .problem = problem_of(plugin, path)});
    const bool is_code = path == reading.manifest.entry_point && files.named.back().problem.empty();
    if (is_code) files.entry = read_if_there(plugin, path, limits::kMaxCodeBytes, files);
  }
  return files;
}

Remark remark_on(std::string file, std::string_view error) {
  Remark remark{.file = std::move(file), .says = std::string(error)};
  const auto number = [&error](std::string_view word, std::size_t& value) {
    if (!error.starts_with(word)) return false;
    const char* const end = error.data() + error.size();
    const auto [stopped, problem] = std::from_chars(error.data() + word.size(), end, value);
    error = {stopped, end};
    return problem == std::errc();
  };
  std::size_t line = 0;
  std::size_t column = 0;
  constexpr std::string_view kColon = ": ";
  if (number("line ", line) && number(", column ", column) && error.starts_with(kColon)) {
    remark.line = line;
    remark.column = column;
    remark.says = std::string(error.substr(kColon.size()));
  }
  return remark;
}

std::vector<Remark> check_plugin(const PluginFiles& files) {
  std::vector<Remark> remarks;
  check_manifest(files, remarks);
  if (files.schema) {
    for (Remark& remark : check_plugin_schema(*files.schema)) remarks.push_back(std::move(remark));
  } else if (!is_unreadable(files, kSchemaName)) {
    remarks.push_back({.weight = Weight::advice,
                       .file = kSchemaName,
                       .says = "it is missing: the settings page shows no settings, and no secret is known as one"});
  }
  for (const NamedFile& file : files.unreadable) {
    if (std::ranges::find(files.links, file.path) != files.links.end()) continue;
    if (std::ranges::find(files.odd, file.path) != files.odd.end()) continue;
    remarks.push_back({.file = file.path, .says = fmt::format("it cannot be read: {}", file.problem)});
  }
  for (const std::string& link : files.links) {
    remarks.push_back({.file = link, .says = "it is a link: the store delivers files and directories only"});
  }
  for (const std::string& path : files.odd) {
    remarks.push_back(
        {.file = path, .says = "it is a pipe, a socket or a device: the store delivers files and directories only"});
  }
  for (const NamedFile& file : files.alike) {
    remarks.push_back(
        {.file = file.path,
         .says = fmt::format("its name is {} but for capital letters: the store refuses the plugin", file.problem)});
  }
  std::stable_sort(remarks.begin(), remarks.end(), [](const Remark& a, const Remark& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return remarks;
}

}  // namespace trueup::sources
