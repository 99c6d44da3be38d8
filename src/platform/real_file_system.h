// The real disk behind the FileSystem port: Linux system calls relative to open descriptors.
#pragma once

#include <memory>
#include <string>

#include "platform/file_system.h"

namespace trueup::platform {

class RealFileSystem : public FileSystem {
 public:
  Result<std::unique_ptr<WritableDirectory>> open_root(const std::string& path) override;
  Result<std::unique_ptr<Directory>> open_root_for_reading(const std::string& path) const override;
};

}  // namespace trueup::platform
