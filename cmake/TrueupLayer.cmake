# trueup_layer(NAME [USES layer...] [LINKS target...] [APART])
#
# Makes src/NAME a static library that can include only itself and what it USES (design: one direction, nothing
# below knows anything above). Each layer's headers are reachable through a directory of its own that holds one
# link to src/NAME, so an include of a layer that is not linked does not compile.
# Files named *_test.cpp become the layer's unit tests, linked into one test program a layer.
# APART: it belongs to a program of its own, and what tests the command does not link it.
function(trueup_layer NAME)
  cmake_parse_arguments(LAYER "APART" "" "USES;LINKS" ${ARGN})
  set(source_dir ${CMAKE_SOURCE_DIR}/src/${NAME})
  set(view ${CMAKE_BINARY_DIR}/include/${NAME})
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${source_dir} ${view}/${NAME} SYMBOLIC)

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source_dir}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  if(NOT sources)  # nothing landed on this layer yet
    return()
  endif()
  add_library(trueup_${NAME} STATIC ${sources})
  target_include_directories(trueup_${NAME} PUBLIC ${view})
  target_link_libraries(trueup_${NAME} PRIVATE trueup_options ${TRUEUP_SMALL_CODE})
  foreach(used ${LAYER_USES})
    if(TARGET trueup_${used})
      target_link_libraries(trueup_${NAME} PUBLIC trueup_${used})
    endif()
  endforeach()
  target_link_libraries(trueup_${NAME} PRIVATE ${LAYER_LINKS})
  if(NAME STREQUAL "base")
    target_precompile_headers(trueup_base PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)
  else()
    target_precompile_headers(trueup_${NAME} REUSE_FROM trueup_base)
  endif()

  if(NOT LAYER_APART)
    set_property(GLOBAL APPEND PROPERTY TRUEUP_LAYERS trueup_${NAME})
  endif()
  if(TRUEUP_BUILD_TESTS AND tests)
    trueup_test(${NAME} LABEL unit SOURCES ${tests} LINKS trueup_${NAME} ${LAYER_LINKS})
  endif()
endfunction()
