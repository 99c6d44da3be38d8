// `.trueup-receipt.json`: what trueup itself unpacked into a plugin's directory. Decoded as carefully as anything
// else: the directory belongs to others now. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/observation.h"

namespace trueup::sources {

inline constexpr std::string_view kReceiptName = ".trueup-receipt.json";

struct ReceiptFile {
  std::string path;  // beneath the plugin's directory: relative, without ".."
  std::string sha256;
  std::uint64_t size = 0;
  bool executable = false;
  bool operator==(const ReceiptFile&) const = default;
};

struct Receipt {
  std::string plugin_id;
  std::string version;
  std::string origin;
  std::string entry;  // the registry's entry it came from
  std::string digest;
  std::vector<ReceiptFile> files;
  bool operator==(const Receipt&) const = default;
};

/// All or nothing: a receipt that is partly wrong proves nothing.
Result<Receipt> decode_receipt(std::string bytes);

/// The same without the list of files, which is the long part.
Result<model::ReceiptFacts> decode_receipt_facts(std::string bytes);

/// What a receipt or a manifest may name: relative, beneath its directory, no empty, "." or ".." component, no NUL.
bool is_path_beneath(std::string_view path);

}  // namespace trueup::sources
