#include "store/fetch_protocol.h"

#include <array>

#include "json/document.h"
#include "json/write.h"

namespace trueup::store {
namespace {

using json::Value;
using json::Writer;
using Kind = FetchFailure::Kind;
using std::chrono::milliseconds;

constexpr std::size_t kMaxTextBytes = 8192;
constexpr std::size_t kMaxHosts = 100;
constexpr std::array<std::pair<Kind, std::string_view>, 7> kKinds{{{Kind::refused, "refused"},
                                                                   {Kind::unreachable, "unreachable"},
                                                                   {Kind::not_found, "not_found"},
                                                                   {Kind::spoiled, "spoiled"},
                                                                   {Kind::full, "full"},
                                                                   {Kind::io, "io"},
                                                                   {Kind::stopped, "stopped"}}};

/// Writes the fields that `fields` below names.
class WriteFields {
 public:
  explicit WriteFields(std::string_view what) {
    out_.begin_object();
    out_.key("is").string(what);
  }
  void field(std::string_view key, const std::string& value) { out_.key(key).string(value); }
  void whole_file(std::string_view key, const std::string& value) { field(key, value); }
  void field(std::string_view key, const bool& value) { out_.key(key).boolean(value); }
  void field(std::string_view key, const std::uint64_t& value) {
    out_.key(key).integer(static_cast<std::int64_t>(value));
  }
  template <typename Unit>
  void field(std::string_view key, const std::chrono::duration<std::int64_t, Unit>& value) {
    out_.key(key).integer(value.count());
  }
  void field(std::string_view key, const Kind& value) { out_.key(key).string(to_string(value)); }
  void field(std::string_view key, const std::vector<std::string>& values) {
    out_.key(key).begin_array();
    for (const std::string& value : values) out_.string(value);
    out_.end_array();
  }
  std::string text() && {
    out_.end_object();
    return std::move(out_).text();
  }

 private:
  Writer out_;
};

/// Reads them; each must be there, and be what it should.
class ReadFields {
 public:
  explicit ReadFields(const Value& from) : from_(from) {}
  void field(std::string_view key, std::string& value) {
    if (const auto found = take(key)) set(found->string(), value);
  }
  void whole_file(std::string_view key, std::string& value) {
    const auto found = take(key);
    const auto text = found ? found->string() : std::nullopt;
    good_ = good_ && text && text->size() <= limits::kMaxManifestBytes;
    if (good_) value = *text;
  }
  void field(std::string_view key, bool& value) {
    if (const auto found = take(key)) set(found->boolean(), value);
  }
  void field(std::string_view key, std::uint64_t& value) {
    std::int64_t number = 0;
    if (const auto found = take(key)) set(found->integer(), number);
    if (number < 0) good_ = false;
    value = static_cast<std::uint64_t>(number);
  }
  template <typename Unit>
  void field(std::string_view key, std::chrono::duration<std::int64_t, Unit>& value) {
    std::uint64_t number = 0;
    field(key, number);
    constexpr std::uint64_t kMost = 1U << 30U;  // so that no sum of it overflows
    if (number > kMost) good_ = false;
    value = std::chrono::duration<std::int64_t, Unit>(std::min(number, kMost));
  }
  void field(std::string_view key, Kind& value) {
    std::string name;
    field(key, name);
    for (const auto& [kind, spelled] : kKinds) {
      if (spelled != name) continue;
      value = kind;
      return;
    }
    good_ = false;
  }
  void field(std::string_view key, std::vector<std::string>& values) {
    const auto found = take(key);
    if (!found || !found->is_array() || found->size() > kMaxHosts) {
      good_ = false;
      return;
    }
    for (const Value element : found->elements()) {
      values.emplace_back();
      set(element.string(), values.back());
    }
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::optional<Value> take(std::string_view key) {
    auto found = from_.find(key);
    if (!found) good_ = false;
    return found;
  }
  template <typename Found, typename T>
  void set(Found&& found, T& value) {
    if (!found) {
      good_ = false;
      return;
    }
    value = *std::forward<Found>(found);
    if constexpr (std::is_same_v<T, std::string>) good_ = good_ && value.size() <= kMaxTextBytes;
  }

  Value from_;
  bool good_ = true;
};

template <typename Visit, typename Access>
void access_fields(Visit& visit, Access& access) {
  visit.field("token", access.token);
  visit.field("ca_file", access.ca_file);
  visit.field("proxy", access.proxy);
  visit.field("no_proxy", access.no_proxy);
  visit.field("private_hosts", access.private_hosts);
}

// T is the value to be read into, or the same value const, to be written.
template <typename Visit, typename T>
void fields(Visit& visit, T& value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, GetRequest>) {
    visit.field("url", value.url);
    access_fields(visit, value.access);
    visit.field("etag", value.etag);
    visit.field("modified", value.modified);
    visit.field("offset", value.offset);
    visit.field("part_of", value.part_of);
    visit.field("most_bytes", value.most_bytes);
    visit.field("may_be_compressed", value.may_be_compressed);
    visit.field("connect_patience", value.connect_patience);
    visit.field("slow_patience", value.slow_patience);
    visit.field("patience", value.patience);
  } else if constexpr (std::is_same_v<Plain, UnpackRequest>) {
    visit.field("folder", value.folder);
    visit.field("most_bytes", value.most_bytes);
    visit.field("most_file_bytes", value.most_file_bytes);
    visit.field("most_files", value.most_files);
    visit.field("most_depth", value.most_depth);
    visit.field("pack", value.pack);
    visit.field("patience", value.patience);
  } else if constexpr (std::is_same_v<Plain, PeekRequest>) {
    visit.field("folder", value.folder);
    visit.field("patience", value.patience);
  } else if constexpr (std::is_same_v<Plain, CloneRequest>) {
    visit.field("url", value.url);
    access_fields(visit, value.access);
    visit.field("most_bytes", value.most_bytes);
    visit.field("patience", value.patience);
  } else if constexpr (std::is_same_v<Plain, ClonedAnswer>) {
    visit.field("commit", value.commit);
    visit.whole_file("manifest", value.manifest);
  } else if constexpr (std::is_same_v<Plain, PeekedAnswer>) {
    visit.field("id", value.id);
  } else if constexpr (std::is_same_v<Plain, FetchProgress>) {
    visit.field("bytes", value.bytes);
    visit.field("total", value.total);
  } else if constexpr (std::is_same_v<Plain, GotAnswer>) {
    visit.field("unchanged", value.unchanged);
    visit.field("from_start", value.from_start);
    visit.field("etag", value.etag);
    visit.field("modified", value.modified);
    visit.field("url", value.url);
  } else if constexpr (std::is_same_v<Plain, UnpackedAnswer>) {
    visit.field("digest", value.digest);
    visit.field("files", value.files);
    visit.field("packed", value.packed);
  } else {
    static_assert(std::is_same_v<Plain, FetchFailure>);
    visit.field("kind", value.kind);
    visit.field("message", value.message);
    visit.field("retry_after", value.retry_after);
    visit.field("answered", value.answered);
    visit.field("keeps_part", value.keeps_part);
    visit.field("etag", value.etag);
  }
}

std::string_view name_of(const GetRequest&) { return "get"; }
std::string_view name_of(const UnpackRequest&) { return "unpack"; }
std::string_view name_of(const PeekRequest&) { return "peek"; }
std::string_view name_of(const CloneRequest&) { return "clone"; }
std::string_view name_of(const ClonedAnswer&) { return "cloned"; }
std::string_view name_of(const PeekedAnswer&) { return "peeked"; }
std::string_view name_of(const FetchProgress&) { return "progress"; }
std::string_view name_of(const GotAnswer&) { return "got"; }
std::string_view name_of(const UnpackedAnswer&) { return "unpacked"; }
std::string_view name_of(const FetchFailure&) { return "failed"; }

template <typename Variant>
std::string encode_any(const Variant& value) {
  return std::visit(
      [](const auto& one) {
        WriteFields visit(name_of(one));
        fields(visit, one);
        return std::move(visit).text();
      },
      value);
}

Error not_understood() {
  return Error{.code = ErrorCode::unreadable, .message = "trueup's download program said something that is no answer"};
}

/// The alternative of `Variant` whose name stands under "is".
template <typename Variant, std::size_t index = 0>
Result<Variant> decode_any(const Value& root, std::string_view name) {
  if constexpr (index == std::variant_size_v<Variant>) {
    return not_understood();
  } else {
    std::variant_alternative_t<index, Variant> value{};
    if (name_of(value) != name) return decode_any<Variant, index + 1>(root, name);
    ReadFields visit(root);
    fields(visit, value);
    if (!visit.good()) return not_understood();
    return Variant(std::move(value));
  }
}

template <typename Variant>
Result<Variant> decode_text(std::string text) {
  constexpr std::size_t kDepth = 4;
  auto document = json::Document::parse(std::move(text), json::Dialect::strict, kDepth);
  if (!document || !document->root().is_object()) return not_understood();
  const auto what = document->root().find("is");
  return decode_any<Variant>(document->root(), what ? what->string().value_or("") : "");
}

}  // namespace

std::string_view to_string(FetchFailure::Kind kind) {
  for (const auto& [one, name] : kKinds) {
    if (one == kind) return name;
  }
  return "io";
}

std::string encode(const FetchRequest& request) { return encode_any(request); }
std::string encode(const FetchAnswer& answer) { return encode_any(answer); }
Result<FetchRequest> decode_request(std::string text) { return decode_text<FetchRequest>(std::move(text)); }
Result<FetchAnswer> decode_answer(std::string line) { return decode_text<FetchAnswer>(std::move(line)); }

}  // namespace trueup::store
