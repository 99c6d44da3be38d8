#include "model/compatibility.h"

#include <gtest/gtest.h>

namespace trueup::model {
namespace {

bool fits(const std::string& range, const std::string& core) { return !is_outside_ranges({range}, core); }

TEST(Compatibility, a_range_means_what_it_means_everywhere_F93) {
  struct Case {
    const char* range;
    const char* core;
    bool fits;
  };
  for (const Case& one : {Case{"3.2.0", "3.2.0", true},
                          Case{"3.2.0", "3.2.0+build42", true},
                          Case{"3.2.0", "3.2.1", false},
                          Case{"v3.2", "3.2.0", true},
                          Case{">=3.2.0", "3.2.0+build42", true},
                          Case{">=3.2.0", "3.2.0-rc1", false},
                          Case{">=3.2.0", "3.10.0", true},
                          Case{">3.2.0", "3.2.0", false},
                          Case{"<= 3.2.0", "3.2.0", true},
                          Case{"<3.2.0", "3.2.0", false},
                          Case{"<3.2.0", "3.2.0-rc1", true},
                          Case{"2.0.0 - 2.9.9", "3.2.0", false},
                          Case{"2.0.0 - 3.2.0", "3.2.0", true},
                          Case{"^3.1.0", "3.2.0", true},
                          Case{"^3.1.0", "3.2.0-rc1", true},
                          Case{"^3.1.0", "4.0.0", false},
                          Case{"^3.1.0", "3.0.9", false},
                          Case{"~3.2.0", "3.2.9", true},
                          Case{"~3.2.0", "3.3.0", false},
                          Case{"~3.2", "3.2.5+b42", true},
                          Case{"~3", "3.0.5", true},
                          Case{"~3", "3.1.0", false}}) {
    EXPECT_EQ(fits(one.range, one.core), one.fits) << one.range << " on " << one.core;
    EXPECT_TRUE(is_core_range(one.range)) << one.range;
  }
}

TEST(Compatibility, what_cannot_be_read_is_no_evidence_F93_F95) {
  for (const char* range :
       {"garbage", "", ">=", "3.x", "^", "~~3.2.0", "1 - ", "3.2.0 || 4", "99999999999999999999 - x"}) {
    EXPECT_TRUE(fits(range, "3.2.0")) << range;
    EXPECT_FALSE(is_core_range(range)) << range;
  }
  EXPECT_FALSE(is_outside_ranges({}, "3.2.0"));
  EXPECT_TRUE(is_outside_ranges({"garbage", "^2.0.0"}, "3.2.0")) << "what can be read counts";
  EXPECT_FALSE(is_outside_ranges({"^2.0.0", ">=3.0.0"}, "3.2.0")) << "one that fits is enough";
  EXPECT_FALSE(is_outside_ranges({"^2.0.0"}, "unknown"));
  EXPECT_FALSE(is_outside_ranges({"^2.0.0"}, ""));
  EXPECT_FALSE(is_outside_ranges({"^3.0.0"}, "1.0.0")) << "a label that nobody kept up";
}

TEST(Compatibility, F96_of_two_floors_the_higher_one_leaves_less) {
  EXPECT_EQ(stricter_minimum("3.9.0", "3.10.0"), "3.10.0");
  EXPECT_EQ(stricter_minimum("v3.10", "3.9.0"), "v3.10");
  EXPECT_EQ(stricter_minimum("3.0.0-rc1", "3.0.0"), "3.0.0");
  EXPECT_EQ(stricter_minimum("3.0", "3.0.0"), "3.0") << "the same: the first spelling";
  for (const std::string& none :
       {std::string(), std::string("soon"), std::string("3.x"), "9.0.0-" + std::string(5000, 'x')}) {
    EXPECT_EQ(stricter_minimum(none, "2.0"), "2.0") << none.substr(0, 9);
    EXPECT_EQ(stricter_minimum("2.0", none), "2.0") << none.substr(0, 9);
    EXPECT_EQ(stricter_minimum(none, none), "") << none.substr(0, 9);
  }
}

TEST(Compatibility, F96_a_floor_is_found_under_every_spelling_and_none_of_another_type_is_one) {
  for (const char* key : {"min_ledmatrix_version", "ledmatrix_min_version", "ledmatrix_min"}) {
    for (const char* shape :
         {R"({"K": "3.1"})", R"({"requires": {"K": "3.1"}})", R"({"versions": [null, {"K": "3.1"}]})",
          R"({"versions": [{"requires": {"K": "3.1"}}]})"}) {
      std::string text = shape;
      text.replace(text.find('K'), 1, key);
      EXPECT_EQ(minimum_core_of_manifest(json::Document::parse(text)->root()), "3.1") << text;
    }
    for (const char* value : {"null", "7", "[]", "{}", "true", "\"\"", "[\"3.1\"]"}) {
      const std::string text =
          std::string("{\"") + key + "\": " + value + ", \"requires\": " + value + ", \"versions\": " + value + "}";
      EXPECT_EQ(minimum_core_of_manifest(json::Document::parse(text)->root()), "") << text;
    }
  }
  EXPECT_EQ(minimum_core_of_manifest(json::Document::parse("[]")->root()), "");
}

TEST(Compatibility, why_something_does_not_fit_is_said_with_both_versions) {
  EXPECT_EQ(why_not_fit("3.1", {}, "3.0"), "needs 3.1 or later, this is 3.0");
  EXPECT_EQ(why_not_fit("", {"^2.0.0", "1.0.0"}, "3.0.0"), "is for ^2.0.0 or 1.0.0, this is 3.0.0");
  EXPECT_EQ(why_not_fit("3.0", {">=2.0.0"}, "3.0.0"), "");
  EXPECT_EQ(why_not_fit("", {}, "3.0.0"), "") << "nothing is stated";
  EXPECT_EQ(why_not_fit("3.1", {"^9.0.0"}, ""), "") << "nobody knows which LEDMatrix this is";
}

}  // namespace
}  // namespace trueup::model
