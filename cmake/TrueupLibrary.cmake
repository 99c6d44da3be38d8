# trueup_library(NAME PKG)
#
# trueup::NAME is the system library that pkg-config calls PKG: its static form where the system has one, since loading
# shared objects was most of what a short command costs (docs/decisions/0006), else the shared one.
find_package(PkgConfig REQUIRED)

function(trueup_library NAME PKG)
  pkg_check_modules(${NAME} REQUIRED IMPORTED_TARGET ${PKG})
  list(GET ${NAME}_LIBRARIES 0 stem)
  find_library(TRUEUP_STATIC_${NAME} NAMES lib${stem}.a HINTS ${${NAME}_LIBDIR})
  add_library(trueup_${NAME}_library INTERFACE)
  if(TRUEUP_STATIC_${NAME})
    target_include_directories(trueup_${NAME}_library SYSTEM INTERFACE ${${NAME}_INCLUDE_DIRS})
    target_link_libraries(trueup_${NAME}_library INTERFACE ${TRUEUP_STATIC_${NAME}})
  else()
    target_link_libraries(trueup_${NAME}_library INTERFACE PkgConfig::${NAME})
  endif()
  add_library(trueup::${NAME} ALIAS trueup_${NAME}_library)
endfunction()
