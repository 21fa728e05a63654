# A room is a folder of src/: one static library from its *.cc, one test program from its *_test.cc.

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror)
# Designated initializers leave the rest at their defaults on purpose.
add_compile_options(-Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # A false alarm of g++ 12 on std::string (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()

# Fuzzers are the rooms' *_fuzz.cc, built with clang's libFuzzer; tests/fuzz/run.sh runs them.
option(JARING_FUZZ "build the fuzzers (clang only)" OFF)
if(JARING_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
  add_custom_target(fuzzers)
endif()

function(jaring_sanitize kind)
  if(kind STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
  elseif(kind STREQUAL "thread")
    # Asio has fences, which this sanitizer does not follow; what it guards is under locks as well.
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
    add_link_options(-fsanitize=thread)
  endif()
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
  else()
    add_library(jaring_${name} INTERFACE)
    target_link_libraries(jaring_${name} INTERFACE ${ROOM_USES})
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    target_compile_definitions(${name}_test PRIVATE JARING_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name}_test PRIVATE jaring_${name} GTest::gmock_main)
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
