#include "sources/core_version.h"

#include "base/limits.h"

namespace trueup::sources {
namespace {

constexpr std::string_view kName = "__version__";
constexpr std::size_t kMostVersionBytes = 64;

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

/// `= "3.2.0"` gives 3.2.0.
std::string assigned_text(std::string_view rest) {
  rest = without_blanks(rest);
  if (!rest.starts_with('=')) return "";
  rest = without_blanks(rest.substr(1));
  if (!rest.starts_with('"') && !rest.starts_with('\'')) return "";
  const std::size_t end = rest.find(rest.front(), 1);
  if (end == std::string_view::npos || end - 1 > kMostVersionBytes) return "";
  return std::string(rest.substr(1, end - 1));
}

}  // namespace

std::string version_in_module(std::string_view code) {
  while (!code.empty()) {
    const std::size_t end = code.find('\n');
    const std::string_view line = code.substr(0, end);
    if (line.starts_with(kName)) {
      if (std::string version = assigned_text(line.substr(kName.size())); !version.empty()) return version;
    }
    if (end == std::string_view::npos) break;
    code.remove_prefix(end + 1);
  }
  return "";
}

std::string read_core_version(const platform::Directory& root) {
  const auto file = root.read("src/__init__.py", limits::kMaxManifestBytes, platform::Links::follow);
  return file ? version_in_module(file->bytes) : "";
}

}  // namespace trueup::sources
