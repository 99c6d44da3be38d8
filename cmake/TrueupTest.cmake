# trueup_test(NAME LABEL label SOURCES file... [LINKS target...])
#
# One test program of GoogleTest cases; each case is a ctest of its own, named "LABEL:Suite.case".
# Sources named *_exhaustive_test.cpp go to a second program labelled "exhaustive", together with what is no test itself:
# `./dev test` leaves those out, since they walk whole tables.
include(GoogleTest)
find_package(GTest REQUIRED)
find_library(TRUEUP_RAPIDCHECK rapidcheck REQUIRED)
if(NOT TARGET rapidcheck)
  add_library(rapidcheck INTERFACE)
  target_link_libraries(rapidcheck INTERFACE ${TRUEUP_RAPIDCHECK})
endif()

set(TRUEUP_TEST_SECONDS 120 CACHE STRING "A single test case that takes longer has hung")
if(TRUEUP_SANITIZE)
  set(TRUEUP_TEST_SECONDS 300)
endif()

# What `./dev test` builds and runs a second time, under the sanitizers.
add_custom_target(sanitizer_tests)
set(TRUEUP_SANITIZED_LABELS unit promises failures)

function(trueup_test_program NAME PREFIX LABEL SOURCES LINKS)
  add_executable(${NAME} ${SOURCES})
  target_compile_options(${NAME} PRIVATE -O0)
  target_link_libraries(${NAME} PRIVATE trueup_options ${LINKS} trueup_test_support GTest::gmock_main rapidcheck)
  target_precompile_headers(${NAME} REUSE_FROM trueup_test_support)
  gtest_discover_tests(${NAME} TEST_PREFIX "${PREFIX}:" DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${LABEL}" TIMEOUT ${TRUEUP_TEST_SECONDS})
  if(LABEL IN_LIST TRUEUP_SANITIZED_LABELS)
    add_dependencies(sanitizer_tests ${NAME})
  endif()
endfunction()

function(trueup_test NAME)
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;LINKS" ${ARGN})
  set(ordinary ${TEST_SOURCES})
  set(exhaustive ${TEST_SOURCES})
  set(helpers ${TEST_SOURCES})
  list(FILTER ordinary EXCLUDE REGEX "_exhaustive_test\\.cpp$")
  list(FILTER exhaustive INCLUDE REGEX "_exhaustive_test\\.cpp$")
  list(FILTER helpers EXCLUDE REGEX "_test\\.cpp$")
  if(ordinary)
    trueup_test_program(${NAME}_test ${NAME} "${TEST_LABEL}" "${ordinary}" "${TEST_LINKS}")
  endif()
  if(exhaustive)
    trueup_test_program(${NAME}_exhaustive_test ${NAME} "exhaustive" "${exhaustive};${helpers}" "${TEST_LINKS}")
  endif()
endfunction()
