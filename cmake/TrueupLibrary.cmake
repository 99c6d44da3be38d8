# trueup_library(NAME PKG [SHARED])
#
# trueup::NAME is the system library that pkg-config calls PKG: its static form where the system has one, since loading
# shared objects was most of what a short command costs (docs/decisions/0006), else the shared one. SHARED: never the
# static form, for a library that needs a dozen others and is no part of the command itself.
find_package(PkgConfig REQUIRED)

function(trueup_library NAME PKG)
  cmake_parse_arguments(LIBRARY "SHARED" "" "" ${ARGN})
  pkg_check_modules(${NAME} REQUIRED IMPORTED_TARGET ${PKG})
  list(GET ${NAME}_LIBRARIES 0 stem)
  find_library(TRUEUP_STATIC_${NAME} NAMES lib${stem}.a HINTS ${${NAME}_LIBDIR})
  add_library(trueup_${NAME}_library INTERFACE)
  if(TRUEUP_STATIC_${NAME} AND NOT LIBRARY_SHARED)
    target_include_directories(trueup_${NAME}_library SYSTEM INTERFACE ${${NAME}_INCLUDE_DIRS})
    target_link_libraries(trueup_${NAME}_library INTERFACE ${TRUEUP_STATIC_${NAME}})
  else()
    target_link_libraries(trueup_${NAME}_library INTERFACE PkgConfig::${NAME})
  endif()
  add_library(trueup::${NAME} ALIAS trueup_${NAME}_library)
endfunction()
