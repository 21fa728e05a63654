# Debian 12's own tools for WebAssembly: clang 14, lld, wasi-libc, libc++ for wasm32.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang)
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
# CMake has no platform file for WASI; the folder of this one is as good as any.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
