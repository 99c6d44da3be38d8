// What the ledger's tests share: the same suite on the disk in memory and on a real one. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "ledger/ledger.h"
#include "platform/memory_file_system.h"
#include "platform/observed_file_system.h"
#include "platform/real_file_system.h"
#include "support/files.h"

namespace trueup::ledger {

inline const std::string kTestId = "00112233445566778899aabbccddeeff";

/// An installation's root with an empty `.trueup`, on the disk that `kind` ("memory" or "real") names. Every call
/// passes through `observer`, unless it is nullptr.
class TestRoot {
 public:
  explicit TestRoot(const std::string& kind, platform::Observer* observer = nullptr) {
    std::string path = "/pi/display";
    if (kind == "memory") {
      auto memory = std::make_unique<platform::MemoryFileSystem>();
      memory->put_directory(path);
      memory_ = memory.get();
      disk_ = std::move(memory);
    } else {
      path = temporary_.path();
      disk_ = std::make_unique<platform::RealFileSystem>();
    }
    path_ = path;
    EXPECT_TRUE((*disk_->open_root(path))->make_directory(".trueup", {.mode = 0700}));
    if (observer != nullptr) observed_ = std::make_unique<platform::ObservedFileSystem>(*disk_, *observer);
    root_ = std::move(*file_system().open_root(path));
    own_ = std::move(*root_->open_writable(".trueup", platform::Links::refuse));
  }

  platform::FileSystem& file_system() { return observed_ ? static_cast<platform::FileSystem&>(*observed_) : *disk_; }
  platform::MemoryFileSystem& memory() { return *memory_; }
  platform::WritableDirectory& root() { return *root_; }
  platform::WritableDirectory& own() { return *own_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Content of a file in `.trueup`, or "<code>".
  [[nodiscard]] std::string read(const std::string& name) const {
    const auto found = own_->read(name, 1U << 26U, platform::Links::refuse);
    return found ? found->bytes : "<" + std::string(to_string(found.error().code)) + ">";
  }
  void write(const std::string& name, const std::string& bytes) {
    (void)own_->remove_file(name);
    EXPECT_TRUE(own_->write_new(name, bytes, {}, platform::Sync::no));
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    const auto entries = own_->list();
    for (const auto& entry : *entries) names.push_back(entry.name);
    return names;
  }

 private:
  test::TempDirectory temporary_;
  platform::MemoryFileSystem* memory_ = nullptr;
  std::unique_ptr<platform::FileSystem> disk_;
  std::unique_ptr<platform::FileSystem> observed_;
  std::unique_ptr<platform::WritableDirectory> root_;
  std::unique_ptr<platform::WritableDirectory> own_;
  std::string path_;
};

template <typename T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().text();
    std::abort();
  }
  return std::move(*result);
}

inline void must(const Status& status) { ASSERT_TRUE(status) << status.error().text(); }

/// A pass that touches every table, told apart by `name`.
inline Pass full_pass(const std::string& name) {
  return Pass{
      .at = 1'700'000'000,
      .actions = {{.transaction_id = "t-" + name,
                   .verb = "reconcile",
                   .plugin_id = name,
                   .reason = "missing_section",
                   .result = "done",
                   .inverse = R"({"edits":[]})"},
                  {.transaction_id = "t-" + name,
                   .verb = "reconcile",
                   .plugin_id = name + "-2",
                   .reason = "cache",
                   .result = "done"}},
      .receipts_put = {{.plugin_id = name, .directory = name, .version = "1.0.0", .origin = "official"}},
      .tombstones_put = {"removed-" + name},
      .holds_put = {{.finding = "plugin_missing_on_disk:" + name, .evidence_digest = "e", .reason = "ignored"}},
      .attempts_put = {{.plugin_id = name,
                        .source = "official",
                        .entry_digest = "d",
                        .count = 2,
                        .terminal = true,
                        .reason = "refused",
                        .detail = "too large"}},
      .kept_put = {{.number = 1,
                    .document = "config",
                    .path = "1-config.json",
                    .digest = "aa",
                    .bytes = 7,
                    .transaction_id = "t-" + name,
                    .parses = true,
                    .needed_for_undo = false}},
      .notes_put = {{"consent:" + name, "yes"}},
  };
}

}  // namespace trueup::ledger
