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

TEST(Requirements, plain_ones_are_names_extras_versions_and_conditions) {
  EXPECT_EQ(odd_line("# -*- coding: utf-8 -*-\n\nrequests>=2.0.0\r\nPyYAML == 6.*, !=6.0.1 # für später\n"
                     "Requests[socks,use_chardet]~=2.28\nbackports.zoneinfo; python_version < \"3.9\"\nx (>=1)\n"),
            0U);
  EXPECT_EQ(odd_line(""), 0U);
}

TEST(Requirements, that_say_from_where_code_comes_or_which_file_is_read_are_odd) {
  for (const char* line : {"--index-url http://evil.example/simple",
                           "-i http://evil.example",
                           "--extra-index-url=http://evil.example",
                           "--trusted-host evil.example",
                           "--find-links /tmp",
                           "--no-index",
                           "--pre",
                           "-e .",
                           "-r ../../config/config.json",
                           "-c constraints.txt",
                           "x @ https://user:secret@evil.example/x.zip",
                           "https://evil.example/x.zip",
                           "git+https://evil.example/x",
                           "file:///etc/passwd",
                           "./local",
                           "../local",
                           "/tmp/x.whl",
                           "x/y",
                           "${HOME}x",
                           "x --global-option=y",
                           "x --hash=sha256:0",
                           "x\t-e",
                           "x; python_version < '3' --index-url http://evil",
                           "x \\",
                           ".",
                           "x\\y",
                           "x$(y)",
                           "x`y`"}) {
    EXPECT_EQ(odd_line("requests\n" + std::string(line) + "\n"), 2U) << line;
  }
}

TEST(Requirements, that_pip_would_read_otherwise_than_they_show_are_odd) {
  for (const char* line : {"# a\xE2\x80\xA8--pre", "# a\xC2\x85--pre", "# a\r--pre", "# a\x0b--pre", "# a\x1c--pre",
                           "x\xff", "\xEF\xBB\xBFx", "# vim: set fileencoding=utf-7 :", "# coding: utf-16"}) {
    EXPECT_EQ(odd_line(line), 1U) << line;
  }
  EXPECT_EQ(odd_line("a\nb\n# coding: utf-7\n"), 0U) << "only the first two lines count";
  EXPECT_EQ(odd_line(std::string(201, 'x')), 1U);
  EXPECT_THAT(decode_requirements(std::string(201, 'x')), IsEmpty()) << "no name of a package is that long";
}

}  // namespace
}  // namespace trueup::sources
