// A finding as JSON: the one way in which every face of trueup (command, socket, HTTP) writes it.
#pragma once

#include "json/write.h"
#include "model/inconsistency.h"

namespace trueup::model {

/// Keys sorted. `more`: further members, behind those.
void write_finding(json::Writer& out, const Inconsistency& finding, const Fields& more = {});
void write_findings(json::Writer& out, const std::vector<Inconsistency>& findings);
void write_evidence(json::Writer& out, const std::vector<Evidence>& all);

}  // namespace trueup::model
