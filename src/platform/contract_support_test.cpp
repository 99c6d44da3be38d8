#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "platform/contract_test_support.h"
#include "platform/descriptor.h"
#include "platform/memory_file_system.h"
#include "platform/real_file_system.h"
#include "platform/tree.h"

namespace trueup::platform {

namespace {

class RealDisk final : public TestDisk {
 public:
  RealDisk() {
    const char* base = std::getenv("TMPDIR");
    path_ = std::string(base == nullptr ? "/tmp" : base) + "/trueup-disk-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~RealDisk() override {
    const std::size_t slash = path_.rfind('/');
    auto parent = file_system_.open_root(path_.substr(0, slash));
    EXPECT_TRUE(parent && remove_tree(**parent, path_.substr(slash + 1)).complete());
  }
  RealDisk(const RealDisk&) = delete;
  RealDisk& operator=(const RealDisk&) = delete;

  FileSystem& file_system() override { return file_system_; }
  [[nodiscard]] std::string root_path() const override { return path_; }
  bool begin_foreign_write(const std::string& name) override {
    writer_ = Descriptor(::open((path_ + "/" + name).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    return writer_.is_open();
  }
  void end_foreign_write() override { writer_.reset(); }

 private:
  RealFileSystem file_system_;
  std::string path_;
  Descriptor writer_;
};

class MemoryTestDisk final : public TestDisk {
 public:
  MemoryTestDisk() { file_system_.put_directory(root_path()); }

  FileSystem& file_system() override { return file_system_; }
  [[nodiscard]] std::string root_path() const override { return "/home/pi/display"; }
  bool begin_foreign_write(const std::string& name) override {
    written_ = root_path() + "/" + name;
    return file_system_.begin_foreign_write(written_);
  }
  void end_foreign_write() override { file_system_.end_foreign_write(written_); }

 private:
  MemoryFileSystem file_system_;
  std::string written_;
};

}  // namespace

std::string disk_name(const ::testing::TestParamInfo<std::string>& parameter) { return parameter.param; }

std::unique_ptr<TestDisk> make_test_disk(const std::string& kind) {
  if (kind == "memory") return std::make_unique<MemoryTestDisk>();
  return std::make_unique<RealDisk>();
}

void DiskContract::SetUp() {
  disk_ = make_test_disk(GetParam());
  auto opened = disk_->file_system().open_root(disk_->root_path());
  ASSERT_TRUE(opened) << opened.error().text();
  root_ = std::move(*opened);
}

std::string DiskContract::read(const std::string& path) const {
  auto found = root_->read(path, 1U << 20U, Links::refuse);
  return found ? found->bytes : "<" + std::string(to_string(found.error().code)) + ">";
}

void DiskContract::write(const std::string& name, const std::string& bytes) {
  auto written = root_->write_new(name, bytes, FileAttributes{}, Sync::no);
  ASSERT_TRUE(written) << written.error().text();
}

}  // namespace trueup::platform
