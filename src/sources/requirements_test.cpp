#include "sources/requirements.h"

#include <gmock/gmock.h>

namespace trueup::sources {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Distributions installed(std::initializer_list<const char*> names) {
  Distributions distributions;
  for (const char* name : names) add_distribution(name, distributions);
  return distributions;
}

TEST(Requirements, are_met_by_what_site_packages_holds_under_any_spelling) {
  const auto here = installed({"requests-2.31.0.dist-info", "PyYAML-6.0.egg-info", "ruamel.yaml-0.17.21.dist-info",
                               "pytz-2022.7-py3.11.egg-info", "requests", "nothing.py"});
  EXPECT_THAT(unmet(decode_requirements("requests>=2.0.0\npyyaml\nRuamel_YAML==0.17.21  # why\npytz >= 2020.1, < 2023\n"
                                        "Requests[socks]~=2.28\n"),
                    here),
              IsEmpty());
  EXPECT_THAT(unmet(decode_requirements("requests>=3\nicalevents\nPyYAML!=6.0\n"), here),
              ElementsAre("requests>=3", "icalevents", "PyYAML!=6.0"));
}

TEST(Requirements, that_only_pip_can_judge_are_no_evidence) {
  EXPECT_THAT(decode_requirements("-r other.txt\n--hash=x\n# all\n\nx @ https://x.org/x.zip\ngit+https://x.org/y\n"
                                  "z; python_version < '3'\nlong \\\n"),
              IsEmpty());
  EXPECT_THAT(unmet(decode_requirements("requests==2.*\n"), installed({"requests-1.0.dist-info"})), IsEmpty());
  EXPECT_THAT(decode_requirements("requests maybe\n"), IsEmpty());
}

}  // namespace
}  // namespace trueup::sources
