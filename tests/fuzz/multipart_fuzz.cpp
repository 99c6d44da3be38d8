// A form with files: parts that lie in the body, one behind the other, or an answer that says what is wrong.
// links: web service engine host store ledger sources planner platform model json base
#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/picture.h"
#include "web/multipart.h"
#include "web/web_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trueup::web::Request request{.method = trueup::web::Method::post};
  request.headers.push_back({"content-type", "multipart/form-data; boundary=xyz"});
  request.body.assign(reinterpret_cast<const char*>(data), size);
  const auto parts = trueup::web::parse_multipart(request);
  if (!parts) {
    if (parts.error().status != 400 || parts.error().message.empty()) std::abort();
    return 0;
  }
  if (parts->size() > trueup::limits::kMaxFormParts) std::abort();
  const char* end = request.body.data();
  for (const auto& part : *parts) {
    if (part.body.data() < end || part.body.data() + part.body.size() > request.body.data() + size) std::abort();
    end = part.body.data() + part.body.size();
    if (part.body.find("\r\n--xyz") != std::string_view::npos) std::abort();
    if (!part.filename || !trueup::model::check_picture(*part.filename, part.body, {})) continue;
    if (!trueup::model::is_picture_file(*part.filename)) std::abort();  // what is taken is one component of a path
  }
  return 0;
}
