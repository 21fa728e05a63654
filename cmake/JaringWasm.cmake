# What runs in the browser and on phones: base, rules and the exports as jaring_rules.wasm, and the
# golden cases' runner as a WASI command. No exceptions, no RTTI: both cost size and are not used.

add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror
                    -fno-exceptions -fno-rtti -ffunction-sections -fdata-sections)
set(CMAKE_EXECUTABLE_SUFFIX .wasm)
include_directories(${CMAKE_SOURCE_DIR}/src)
add_link_options(-Wl,--gc-sections -Wl,--strip-all)

file(GLOB sources CONFIGURE_DEPENDS src/base/*.cc src/rules/*.cc src/wasm/*.cc)
list(FILTER sources EXCLUDE REGEX "_test\\.cc$|_fuzz\\.cc$|/wasm_exports\\.cc$")
add_library(jaring_wasm_rules STATIC ${sources})

add_executable(jaring_rules src/wasm/wasm_exports.cc)
target_link_libraries(jaring_rules PRIVATE jaring_wasm_rules)
target_link_options(jaring_rules PRIVATE -mexec-model=reactor)

file(GLOB golden CONFIGURE_DEPENDS tests/rules/golden_*.cc)
add_executable(golden_runner ${golden})
target_link_libraries(golden_runner PRIVATE jaring_wasm_rules)
