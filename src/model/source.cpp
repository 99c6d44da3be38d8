#include "model/source.h"

namespace trueup::model {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::config: return "config";
    case Source::secrets: return "secrets";
    case Source::template_: return "template";
    case Source::disk: return "disk";
    case Source::state: return "state";
    case Source::tombstones: return "tombstones";
    case Source::runtime: return "runtime";
    case Source::registry: return "registry";
    case Source::ledger: return "ledger";
  }
  return "unknown";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::complete: return "complete";
    case Verdict::absent: return "absent";
    case Verdict::unreadable: return "unreadable";
  }
  return "unknown";
}

}  // namespace trueup::model
