# A room is a folder of src/: one static library from its *.cc, one test program from its *_test.cc.

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror)
# Designated initializers leave the rest at their defaults on purpose.
add_compile_options(-Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of g++ 12 on std::string (GCC bug 105651); the last three because it forgets that
  # precompiled headers are the system's. The sanitizers see what these would.
  add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
                      -Wno-array-bounds)
endif()

# Fuzzers are the rooms' *_fuzz.cc, built with clang's libFuzzer; tests/fuzz/run.sh runs them.
option(JARING_FUZZ "build the fuzzers (clang only)" OFF)
if(JARING_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_custom_target(fuzzers)
endif()

# What nearly every file includes is read once; a file still names what it uses (clang-tidy, which
# reads without this, would miss it).
set(JARING_HEADERS <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem>
    <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string>
    <string_view> <thread> <unordered_map> <utility> <vector>)
# Tests wait for the compiler more often than it for them: they are not optimized.
set(JARING_TEST_OPTIONS -O0)

# jaring_headers(TARGET HEADER…) makes them; targets built in the same way take them with REUSE_FROM.
function(jaring_headers target)
  set(source ${CMAKE_BINARY_DIR}/${target}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${target} OBJECT ${source})
  target_link_libraries(${target} PRIVATE Threads::Threads)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

function(jaring_sanitize kind)
  if(kind STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
  elseif(kind STREQUAL "thread")
    # Asio has fences, which this sanitizer does not follow; what it guards is under locks as well.
    # And it makes g++ see uninitialized members where there are none (<regex>).
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -Wno-tsan
                        -Wno-maybe-uninitialized)
    add_link_options(-fsanitize=thread)
  endif()
endfunction()

# base/source_dir.h for the tests.
function(jaring_source_dir)
  set(source ${CMAKE_BINARY_DIR}/source_dir.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT [[
#include "base/source_dir.h"
std::string jaring::SourceDir() { return "@CMAKE_SOURCE_DIR@"; }
]] @ONLY)
  add_library(jaring_source_dir STATIC ${source})
  target_include_directories(jaring_source_dir PRIVATE ${CMAKE_SOURCE_DIR}/src)
endfunction()

# jaring_room(NAME [USES room…] [LIBRARIES target…])
# Folders below a room belong to it. Tests link what the room links. A room may be one of several in
# a folder ("channels/http"): its library is then jaring_channels_http.
function(jaring_room folder)
  string(REPLACE "/" "_" name ${folder})
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|_fuzz\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM ROOM_USES PREPEND jaring_)
  if(sources)
    add_library(jaring_${name} STATIC ${sources})
    target_include_directories(jaring_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(jaring_${name} PUBLIC ${ROOM_USES} ${ROOM_LIBRARIES} Threads::Threads)
    target_precompile_headers(jaring_${name} REUSE_FROM jaring_headers)
  else()
    add_library(jaring_${name} INTERFACE)
    target_link_libraries(jaring_${name} INTERFACE ${ROOM_USES})
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    target_compile_options(${name}_test PRIVATE ${JARING_TEST_OPTIONS})
    target_link_libraries(${name}_test PRIVATE jaring_${name} jaring_source_dir GTest::gmock_main)
    target_precompile_headers(${name}_test REUSE_FROM jaring_test_headers)
  endif()
  if(JARING_FUZZ)
    file(GLOB_RECURSE fuzzers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*_fuzz.cc)
    foreach(source IN LISTS fuzzers)
      get_filename_component(fuzzer ${source} NAME_WE)
      add_executable(${fuzzer} ${source})
      target_link_libraries(${fuzzer} PRIVATE jaring_${name})
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${fuzzer})
    endforeach()
  endif()
endfunction()
