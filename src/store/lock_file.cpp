#include "store/lock_file.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "json/document.h"
#include "json/write.h"
#include "model/plugin_id.h"
#include "store/registry.h"

namespace trueup::store {
namespace {

constexpr std::int64_t kSchema = 1;
constexpr std::size_t kMostPlugins = 10'000;

using Field = std::pair<std::string_view, std::string LockedPlugin::*>;
// In the order in which they are written; the optional ones behind `digest`.
constexpr std::array<Field, 11> kFields{{{"id", &LockedPlugin::id},
                                         {"entry", &LockedPlugin::entry},
                                         {"source", &LockedPlugin::source},
                                         {"version", &LockedPlugin::version},
                                         {"digest", &LockedPlugin::digest},
                                         {"repository", &LockedPlugin::repository},
                                         {"branch", &LockedPlugin::branch},
                                         {"plugin_path", &LockedPlugin::plugin_path},
                                         {"commit", &LockedPlugin::commit},
                                         {"download_url", &LockedPlugin::download_url},
                                         {"sha256", &LockedPlugin::sha256}}};

Error no_lock_file(std::string message) {
  return {.code = ErrorCode::unreadable,
          .message = std::move(message),
          .hint = "`trueup freeze > plugins.lock` writes one"};
}

Error no_plugin(std::size_t number, std::string_view why) {
  return {.code = ErrorCode::invalid, .message = fmt::format("plugin {} of the lock file {}", number, why)};
}

std::string text_under(const json::Value& object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : std::string();
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<LockedPlugin> read_plugin(const json::Value& value, std::size_t number) {
  LockedPlugin plugin;
  for (const auto& [key, member] : kFields) plugin.*member = text_under(value, key);
  for (const std::string& id : {plugin.id, plugin.entry}) {
    if (!model::PluginId::well_formed(id) || model::is_reserved(id)) return no_plugin(number, "has no usable id");
  }
  if (plugin.source.empty()) return no_plugin(number, "does not say where it comes from");
  if (!plugin.commit.empty() && !is_hex(plugin.commit, 40)) return no_plugin(number, "has a commit that is none");
  if (!plugin.sha256.empty() && !is_hex(plugin.sha256, 64)) return no_plugin(number, "has a digest that is none");
  if (!plugin.plugin_path.empty() && !directory_of_plugin_path(plugin.plugin_path)) {
    return no_plugin(number, "names a place outside its repository");
  }
  return plugin;
}

}  // namespace

std::string encode(const LockFile& lock) {
  json::Writer out({.indent = 2});
  out.begin_object();
  out.key("schema").integer(kSchema);
  out.key("plugins").begin_array();
  for (const LockedPlugin& plugin : lock.plugins) {
    out.begin_object();
    for (const auto& [key, member] : kFields) {
      if (!(plugin.*member).empty()) out.key(key).string(plugin.*member);
    }
    out.end_object();
  }
  out.end_array();
  out.key("left_out").begin_array();
  for (const LeftOutPlugin& plugin : lock.left_out) {
    out.begin_object().key("id").string(plugin.id).key("why").string(plugin.why).end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).text() + "\n";
}

Result<LockFile> decode_lock_file(std::string text) {
  const auto document = json::Document::parse(std::move(text));
  if (!document) return no_lock_file(fmt::format("this is no lock file: {}", document.error().message));
  const auto schema = document->root().find("schema");
  const auto plugins = document->root().find("plugins");
  if (!schema || !schema->integer() || !plugins || !plugins->is_array()) return no_lock_file("this is no lock file");
  if (*schema->integer() != kSchema) return no_lock_file("this lock file was written by another version of trueup");
  if (plugins->size() > kMostPlugins) return no_lock_file("this lock file lists more plugins than a device can have");
  LockFile lock;
  for (const json::Value value : plugins->elements()) {
    ASSIGN_OR_RETURN(LockedPlugin plugin, read_plugin(value, lock.plugins.size() + 1));
    lock.plugins.push_back(std::move(plugin));
  }
  if (const auto left_out = document->root().find("left_out")) {
    for (const json::Value value : left_out->elements()) {
      lock.left_out.push_back({.id = text_under(value, "id"), .why = text_under(value, "why")});
      if (lock.left_out.size() == kMostPlugins) break;
    }
  }
  return lock;
}

}  // namespace trueup::store
