#include "engine/exact_copy.h"

#include <functional>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/limits.h"

namespace trueup::engine {
namespace {

/// The bytes of the exact copy, if they are still kept under its name or another.
std::optional<std::string> copy_of(Site& site, const ExactCopy& exact) {
  const auto own = site.own();
  const auto kept = site.kept();
  if (!own || !kept) return std::nullopt;
  const auto bytes_at = [&exact](const platform::Directory& directory,
                                 const std::string& path) -> std::optional<std::string> {
    auto file = directory.read(path, limits::kMaxConfigBytes, platform::Links::refuse);
    if (!file || sha256_hex(file->bytes) != exact.digest) return std::nullopt;
    return std::move(file->bytes);
  };
  if (auto bytes = bytes_at(**own, exact.copy)) return bytes;
  const auto entries = (*kept)->list();  // of equal copies only the newest is kept
  if (!entries) return std::nullopt;
  for (const auto& entry : *entries) {
    if (auto bytes = bytes_at(**kept, entry.name)) return bytes;
  }
  return std::nullopt;
}

template <typename T>
struct Basis {
  const T* text = nullptr;  // nothing: it displaced none
  bool several = false;     // texts, unlike each other
};

/// What a write of ours rests on, of everything that it displaced. Where an earlier try was cut off there may be a
/// second copy of the same text.
template <typename T>
Basis<T> basis_among(const std::vector<T>& displaced, const std::function<bool(const T&)>& is_basis) {
  Basis<T> basis;
  for (const T& one : displaced) {
    if (!is_basis(one)) continue;
    if (basis.text == nullptr) basis.text = &one;
    basis.several = basis.several || one.digest != basis.text->digest;
  }
  return basis;
}

}  // namespace

std::optional<Rewrite> exact_rewrite(Site& site, const std::optional<ExactCopy>& exact,
                                     const std::optional<std::string>& text) {
  if (!exact || exact->shared_by != 1) return std::nullopt;
  const std::string digest = text ? sha256_hex(*text) : std::string{};
  if (digest != exact->while_digest) return std::nullopt;
  if (exact->copy.empty()) return Rewrite{Rewrite::Kind::remove, {}};
  auto copy = copy_of(site, *exact);
  if (!copy) return std::nullopt;
  return Rewrite{Rewrite::Kind::write, std::move(*copy)};
}

bool is_exact_copy(const std::optional<ExactCopy>& exact, const std::optional<std::string>& text) {
  if (!exact || exact->shared_by != 1) return false;
  if (exact->copy.empty()) return !text;
  return text && sha256_hex(*text) == exact->digest;
}

bool recognise_own_write(Site& site, const Rewriter& rewriter, Exchanged& exchanged) {
  const auto only = basis_among<Displaced>(exchanged.displaced,
                                           [](const Displaced& displaced) { return displaced.whose == Whose::basis; });
  if (only.several) return false;
  std::optional<std::string> basis;
  if (only.text != nullptr) {
    const auto kept = site.kept();
    if (!kept) return false;
    auto file = (*kept)->read(only.text->name, limits::kMaxConfigBytes, platform::Links::refuse);
    if (!file) return false;
    basis = std::move(file->bytes);
  }
  const auto rewrite = rewriter(basis);
  if (!rewrite || rewrite->kind != Rewrite::Kind::write || sha256_hex(rewrite->bytes) != exchanged.digest) return false;
  exchanged.written = true;
  exchanged.created = !basis;
  return true;
}

std::optional<ExactCopy> exact_inverse(const Applied& applied) {
  const auto only = basis_among<KeptDocument>(applied.kept, [](const KeptDocument& kept) { return kept.basis; });
  if (!applied.written || (!applied.created && (only.text == nullptr || only.several))) return std::nullopt;
  ExactCopy exact{.while_digest = applied.digest, .copy = {}, .digest = {}, .shared_by = 1};
  if (!applied.created) {
    exact.copy = only.text->path;
    exact.digest = only.text->digest;
  }
  return exact;
}

}  // namespace trueup::engine
