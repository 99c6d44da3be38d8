#include "store/packs.h"

#include <fmt/core.h>

#include <algorithm>

#include "json/document.h"
#include "json/write.h"

namespace trueup::store {
namespace {

constexpr std::string_view kBegin = "pack-";
constexpr std::string_view kEnd = ".tar.gz";
constexpr std::size_t kMaxPacks = 10'000;

std::string text_under(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  return value ? value->string().value_or("") : std::string();
}

std::uint64_t number_under(json::Value object, std::string_view key) {
  const auto value = object.find(key);
  const std::int64_t number = value ? value->integer().value_or(0) : 0;
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

}  // namespace

bool is_pack_file(std::string_view name) {
  if (name.size() <= kBegin.size() + kEnd.size() || !name.starts_with(kBegin) || !name.ends_with(kEnd)) return false;
  name.remove_prefix(kBegin.size());
  name.remove_suffix(kEnd.size());
  return name.find_first_not_of("0123456789") == std::string_view::npos;
}

const Pack* Packs::find(const std::string& entry, const std::string& source, const std::string& entry_digest) const {
  const auto found = std::find_if(packs.begin(), packs.end(), [&](const Pack& pack) {
    return pack.entry == entry && pack.source == source && pack.entry_digest == entry_digest;
  });
  return found == packs.end() ? nullptr : &*found;
}

const Pack* Packs::find_version(const std::string& entry, const std::string& source, const std::string& version) const {
  const auto found = std::find_if(packs.rbegin(), packs.rend(), [&](const Pack& pack) {
    return !version.empty() && pack.entry == entry && pack.source == source && pack.version == version;
  });
  return found == packs.rend() ? nullptr : &*found;
}

std::string Packs::next_file() const { return fmt::format("{}{}{}", kBegin, next, kEnd); }

std::vector<std::string> Packs::add(Pack pack, std::uint64_t most_bytes) {
  std::vector<std::string> unneeded;
  const auto drop = [&](std::vector<Pack>::iterator at) {
    unneeded.push_back(std::move(at->file));
    return packs.erase(at);
  };
  const auto of_entry = [&](const Pack& one) { return one.entry == pack.entry && one.source == pack.source; };
  const auto before = std::find_if(packs.rbegin(), packs.rend(), [&](const Pack& one) {
    return of_entry(one) && !one.version.empty() && one.version != pack.version;
  });
  const std::string stays = before == packs.rend() ? std::string() : before->file;
  for (auto at = packs.begin(); at != packs.end();) {
    at = of_entry(*at) && at->file != stays ? drop(at) : at + 1;
  }
  packs.push_back(std::move(pack));
  ++next;
  std::uint64_t bytes = 0;
  for (const Pack& one : packs) bytes += one.size;
  while (packs.size() > 1 && (bytes > most_bytes || packs.size() > kMaxPacks)) {
    bytes -= packs.front().size;
    drop(packs.begin());
  }
  return unneeded;
}

void Packs::forget(const std::string& file) {
  std::erase_if(packs, [&](const Pack& pack) { return pack.file == file; });
}

std::string encode(const Packs& packs) {
  json::Writer out({.indent = 2});
  out.begin_object();
  out.key("schema").integer(1);
  out.key("next").integer(static_cast<std::int64_t>(packs.next));
  out.key("packs").begin_array();
  for (const Pack& pack : packs.packs) {
    out.begin_object();
    out.key("entry").string(pack.entry);
    out.key("source").string(pack.source);
    out.key("entry_digest").string(pack.entry_digest);
    out.key("file").string(pack.file);
    out.key("sha256").string(pack.sha256);
    out.key("size").integer(static_cast<std::int64_t>(pack.size));
    out.key("tree").string(pack.tree);
    out.key("version").string(pack.version);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).text() + "\n";
}

Packs decode_packs(std::string text) {
  Packs packs;
  const auto document = json::Document::parse(std::move(text));
  const auto list = document ? document->root().find("packs") : std::nullopt;
  if (!list) return packs;
  packs.next = std::clamp<std::uint64_t>(number_under(document->root(), "next"), 1, 1'000'000'000);
  for (const json::Value one : list->elements()) {
    Pack pack{.entry = text_under(one, "entry"),
              .source = text_under(one, "source"),
              .entry_digest = text_under(one, "entry_digest"),
              .file = text_under(one, "file"),
              .sha256 = text_under(one, "sha256"),
              .size = std::min<std::uint64_t>(number_under(one, "size"), limits::kMaxPackBytes),
              .tree = text_under(one, "tree"),
              .version = text_under(one, "version")};
    if (packs.packs.size() == kMaxPacks || !is_pack_file(pack.file)) continue;
    packs.packs.push_back(std::move(pack));
  }
  return packs;
}

}  // namespace trueup::store
