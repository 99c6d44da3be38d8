#include "platform/file_digest.h"

#include <cstddef>

#include "base/digest.h"

namespace trueup::platform {

Result<FileDigest> digest_of(const File& file) {
  constexpr std::size_t kPiece = std::size_t{64} * 1024;
  Sha256 hash;
  FileDigest digest;
  for (bool at_end = false; !at_end;) {
    ASSIGN_OR_RETURN(const std::string piece, file.read_at(digest.bytes, kPiece));
    hash.update(piece);
    digest.bytes += piece.size();
    at_end = piece.size() < kPiece;
  }
  digest.sha256 = hash.hex();
  return digest;
}

}  // namespace trueup::platform
