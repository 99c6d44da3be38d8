#include "support/files.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace trueup::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void stop(const char* action, const fs::path& path) {
  std::fprintf(stderr, "test support: cannot %s %s\n", action, path.c_str());
  std::abort();
}

/// A test may have taken rights away; give them back so that everything can go.
void make_removable(const fs::path& path) {
  std::error_code ignored;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (const auto& entry : fs::directory_iterator(path, ignored)) {
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) make_removable(entry.path());
  }
}

}  // namespace

TempDirectory::TempDirectory() {
  std::string name = (fs::temp_directory_path() / "trueup-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) stop("make a directory like", name);
  path_ = name;
}

TempDirectory::~TempDirectory() {
  std::error_code error;
  fs::remove_all(path_, error);
  if (!error) return;
  make_removable(path_);
  fs::remove_all(path_, error);
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) stop("write", path);
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) stop("read", path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace trueup::test
