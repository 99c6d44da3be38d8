#include "engine/incoming.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "base/limits.h"
#include "engine/site.h"
#include "json/document.h"
#include "json/write.h"

namespace trueup::engine {
namespace {

using platform::Links;
using platform::Sync;
using platform::WritableDirectory;

constexpr const char* kIncoming = "incoming";
constexpr const char* kNames = "names.json";
constexpr std::uint32_t kDirectoryMode = 0700;
constexpr std::uint32_t kFileMode = 0600;
constexpr std::size_t kNameBytes = 16;

bool is_name(const std::string& name) {
  return name.size() == 2 * kNameBytes && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<std::unique_ptr<WritableDirectory>> made(Site& site, WritableDirectory& above, const std::string& name) {
  auto opened = above.open_writable(name, Links::refuse);
  if (opened || opened.error().code != ErrorCode::not_found) return opened;
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(above, kDirectoryMode));
  RETURN_IF_ERROR(above.make_directory(name, attributes));
  return above.open_writable(name, Links::refuse);
}

Result<std::unique_ptr<WritableDirectory>> open_incoming(World& world) {
  ASSIGN_OR_RETURN(const auto root, world.file_system.open_root(world.root));
  return root->open_writable(fmt::format("{}/{}", kOwnDirectory, kIncoming), Links::refuse);
}

void remove_one(WritableDirectory& incoming, const std::string& name) {
  if (const auto one = incoming.open_writable(name, Links::refuse)) {
    if (const auto entries = (*one)->list()) {
      for (const auto& entry : *entries) (void)(*one)->remove_file(entry.name);
    }
  }
  (void)incoming.remove_directory(name);
}

Status lay(Site& site, WritableDirectory& in, const std::vector<PictureView>& pictures) {
  ASSIGN_OR_RETURN(const auto attributes, site.attributes_in(in, kFileMode));
  json::Writer names;
  names.begin_array();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    RETURN_IF_ERROR(in.write_new(std::to_string(i), pictures[i].bytes, attributes, Sync::no));
    names.string(pictures[i].name);
  }
  names.end_array();
  const auto written = in.write_new(kNames, std::move(names).text(), attributes, Sync::no);
  return written ? ok() : Status(written.error());
}

}  // namespace

Result<std::string> lay_incoming(World& world, const std::vector<PictureView>& pictures) {
  ASSIGN_OR_RETURN(const auto site, Site::open(world));
  ASSIGN_OR_RETURN(auto* own, site->own());
  ASSIGN_OR_RETURN(const auto incoming, made(*site, *own, kIncoming));
  std::string name = world.random.hex(kNameBytes);
  ASSIGN_OR_RETURN(const auto directory, made(*site, *incoming, name));
  const Status laid = lay(*site, *directory, pictures);
  if (laid) return name;
  remove_one(*incoming, name);
  return laid.error();
}

Result<std::vector<NewPicture>> read_incoming(World& world, const std::string& name) {
  if (!is_name(name)) {
    return Error{.code = ErrorCode::invalid, .message = "this is no name of what the page was sent"};
  }
  ASSIGN_OR_RETURN(const auto incoming, open_incoming(world));
  ASSIGN_OR_RETURN(const auto directory, incoming->open(name, Links::refuse));
  ASSIGN_OR_RETURN(auto names, directory->read(kNames, limits::kMaxManifestBytes, Links::refuse));
  ASSIGN_OR_RETURN(const auto document, json::Document::parse(std::move(names.bytes)));
  std::vector<NewPicture> pictures;
  for (const json::Value one : document.root().elements()) {
    ASSIGN_OR_RETURN(auto file,
                     directory->read(std::to_string(pictures.size()), limits::kMaxPictureBytes, Links::refuse));
    pictures.push_back({.name = one.string().value_or(""), .bytes = std::move(file.bytes)});
  }
  return pictures;
}

void forget_incoming(World& world, const std::string& name) {
  if (!is_name(name)) return;
  if (const auto incoming = open_incoming(world)) remove_one(**incoming, name);
}

void forget_other_incoming(World& world, const std::set<std::string>& wanted) {
  const auto incoming = open_incoming(world);
  const auto entries = incoming ? (*incoming)->list() : Result<std::vector<platform::DirectoryEntry>>(incoming.error());
  if (!entries) return;
  for (const auto& entry : *entries) {
    if (is_name(entry.name) && !wanted.contains(entry.name)) remove_one(**incoming, entry.name);
  }
}

}  // namespace trueup::engine
