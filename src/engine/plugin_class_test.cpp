#include "engine/plugin_class.h"

#include <gtest/gtest.h>

namespace trueup::engine {
namespace {

TEST(PluginClass, takes_the_first_class_that_derives_from_the_base_class) {
  EXPECT_EQ(plugin_class_in("class Helper:\n  pass\n\nclass Clock(BasePlugin):\n  pass\nclass Late(BasePlugin):\n"),
            "Clock");
  EXPECT_EQ(plugin_class_in("class Clock (\n    Mixin,\n    base.BasePlugin,\n):\n"), "Clock");
}

TEST(PluginClass, falls_back_to_the_first_class_at_all) {
  EXPECT_EQ(plugin_class_in("import os\nclass A: pass\nclass B(Other): pass\n"), "A");
}

TEST(PluginClass, is_not_misled_by_what_only_looks_like_a_class) {
  EXPECT_EQ(plugin_class_in("classes = 3\nclassify(BasePlugin)\n# class X(BasePlugin)\nclass\nclass 9(BasePlugin):\n"),
            std::nullopt);
  EXPECT_EQ(plugin_class_in("def f():\n  class Inner(BasePlugin): pass\n"), std::nullopt);
  EXPECT_EQ(plugin_class_in(""), std::nullopt);
  EXPECT_EQ(plugin_class_in("class A"), std::nullopt);
}

}  // namespace
}  // namespace trueup::engine
