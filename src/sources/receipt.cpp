#include "sources/receipt.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "model/plugin_id.h"
#include "sources/documents.h"

namespace trueup::sources {
namespace {

constexpr std::int64_t kSchema = 1;
constexpr std::size_t kSha256Characters = 64;

Error wrong(json::Value value, std::string_view message) {
  return Error{.code = ErrorCode::unreadable, .message = fmt::format("{}: {}", place_of(value), message)};
}

Result<std::string> required_text(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  if (!value) return wrong(object, fmt::format("it has no `{}`", key));
  auto text = value->string();
  if (!text) return wrong(*value, fmt::format("`{}` is {}, not text", key, json::describe(value->kind())));
  return std::move(*text);
}

bool is_sha256(std::string_view text) {
  return text.size() == kSha256Characters &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<ReceiptFile> decode_file(json::Value value) {
  if (!value.is_object()) return wrong(value, "an entry of `files` is no object");
  ReceiptFile file;
  ASSIGN_OR_RETURN(file.path, required_text(value, "path"));
  ASSIGN_OR_RETURN(file.sha256, required_text(value, "sha256"));
  if (!is_path_beneath(file.path)) return wrong(value, "it names a path outside its directory");
  if (!is_sha256(file.sha256)) return wrong(value, "`sha256` is not 64 hexadecimal digits");
  const auto size = value.find("size");
  const auto bytes = size ? size->integer() : std::nullopt;
  if (!bytes || *bytes < 0) return wrong(value, "`size` is no whole number of bytes");
  file.size = static_cast<std::uint64_t>(*bytes);
  if (const auto executable = value.find("executable")) {
    if (!executable->is_boolean()) return wrong(*executable, "`executable` is neither true nor false");
    file.executable = *executable->boolean();
  }
  return file;
}

Result<std::vector<ReceiptFile>> decode_files(json::Value root) {
  const auto list = root.find("files");
  if (!list || !list->is_array()) return wrong(list.value_or(root), "it has no list `files`");
  if (list->size() > limits::kMaxPluginFiles) {
    return wrong(*list, fmt::format("it lists more than {} files", limits::kMaxPluginFiles));
  }
  std::vector<ReceiptFile> files;
  files.reserve(list->size());
  for (const json::Value element : list->elements()) {
    ASSIGN_OR_RETURN(ReceiptFile file, decode_file(element));
    files.push_back(std::move(file));
  }
  return files;
}

Result<json::Document> open_receipt(std::string bytes) {
  ASSIGN_OR_RETURN(json::Document document, parse_object(std::move(bytes)));
  const json::Value root = document.root();
  const auto schema = root.find("schema");
  if (!schema || schema->integer() != kSchema) {
    return wrong(schema.value_or(root), "its schema is not 1: another version of trueup wrote it");
  }
  return document;
}

Result<Receipt> decode_head(json::Value root) {
  Receipt receipt;
  ASSIGN_OR_RETURN(receipt.plugin_id, required_text(root, "plugin_id"));
  if (!model::PluginId::well_formed(receipt.plugin_id)) return wrong(root, "its plugin_id cannot be a plugin id");
  ASSIGN_OR_RETURN(receipt.version, required_text(root, "version"));
  ASSIGN_OR_RETURN(receipt.origin, required_text(root, "origin"));
  ASSIGN_OR_RETURN(receipt.entry, required_text(root, "entry"));
  ASSIGN_OR_RETURN(receipt.digest, required_text(root, "digest"));
  return receipt;
}

}  // namespace

bool is_path_beneath(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Result<Receipt> decode_receipt(std::string bytes) {
  ASSIGN_OR_RETURN(const json::Document document, open_receipt(std::move(bytes)));
  ASSIGN_OR_RETURN(Receipt receipt, decode_head(document.root()));
  ASSIGN_OR_RETURN(receipt.files, decode_files(document.root()));
  return receipt;
}

Result<model::ReceiptFacts> decode_receipt_facts(std::string bytes) {
  ASSIGN_OR_RETURN(const json::Document document, open_receipt(std::move(bytes)));
  ASSIGN_OR_RETURN(Receipt receipt, decode_head(document.root()));
  return model::ReceiptFacts{.plugin_id = std::move(receipt.plugin_id),
                             .version = std::move(receipt.version),
                             .origin = std::move(receipt.origin),
                             .digest = std::move(receipt.digest)};
}

}  // namespace trueup::sources
