# Compiler rules that hold for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_COMPILE_OPTIONS_PIC -fPIE)  # all libraries end in programs, and so programs can share their precompiled headers
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(TRUEUP_BUILD_TESTS "Build the unit and system tests" ON)
option(TRUEUP_BUILD_BENCH "Build the benchmarks" OFF)
option(TRUEUP_BUILD_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(TRUEUP_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

add_library(trueup_options INTERFACE)
target_compile_options(trueup_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror
  -Wno-missing-field-initializers  # values are structs with defaults; a designated initialiser names what differs
  -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(trueup_options INTERFACE _FILE_OFFSET_BITS=64)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 is wrong with these about moved std::string and std::optional, and not even in every build of the same file
  # (its bug 105651 and kin). clang's warnings and the sanitizers watch the same mistakes.
  target_compile_options(trueup_options INTERFACE
    -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own std::stable_sort calls what it declares deprecated, and clang says so where it is used.
  target_compile_options(trueup_options INTERFACE -Wno-deprecated-declarations)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(trueup_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(TRUEUP_SANITIZE MATCHES "thread")
  target_compile_options(trueup_options INTERFACE -Wno-tsan)  # Asio's fences, which this sanitizer does not know
endif()

# The program's own pages are most of what the daemon has in memory (docs/performance.md). By default g++ copies every
# std::string's end into each place that it is reached from; as calls they are a third less code, also faster to compile.
# The precompiled header keeps the value that it was made with: a file with another value goes without it
# (src/CMakeLists.txt).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_library(trueup_small_code INTERFACE)
  target_compile_options(trueup_small_code INTERFACE "SHELL:--param max-inline-insns-single=14")
  set(TRUEUP_SMALL_CODE trueup_small_code)
endif()

target_link_options(trueup_options INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)

if(TRUEUP_SANITIZE)
  add_compile_options(-fsanitize=${TRUEUP_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TRUEUP_SANITIZE})
endif()

if(TRUEUP_BUILD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# The default linker takes a second for every test program under the sanitizers.
find_program(TRUEUP_LLD ld.lld-19)
find_program(TRUEUP_MOLD mold)
if(TRUEUP_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(--ld-path=${TRUEUP_LLD})
elseif(TRUEUP_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

find_program(TRUEUP_CCACHE ccache)
if(TRUEUP_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_INODECACHE=1
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TRUEUP_CCACHE})
endif()
