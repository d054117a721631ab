/// Opens and closes a region whose functions may use an instruction set beyond the architecture's base, in gcc's and
/// clang's words. No compiler flag does it: a flag would let the compiler use the instructions everywhere.
#pragma once

#define JADE_PRAGMA(text) _Pragma(#text)
// Under a sanitizer every load is a test of many instructions: unrolled, a file of tiles takes minutes to compile.
#if defined(__SANITIZE_ADDRESS__)
#define JADE_IS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define JADE_IS_SANITIZED
#endif
#endif
#if defined(__clang__)
#define JADE_TARGET_BEGIN(features) JADE_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define JADE_TARGET_END JADE_PRAGMA(clang attribute pop)
#if defined(JADE_IS_SANITIZED)
#define JADE_UNROLL JADE_PRAGMA(clang loop unroll(disable))
#else
#define JADE_UNROLL JADE_PRAGMA(clang loop unroll(full))
#endif
#define JADE_ONE_BY_ONE JADE_PRAGMA(clang loop vectorize(disable))
#define JADE_NOT_UNROLLED JADE_PRAGMA(clang loop unroll(disable))
#else
#define JADE_TARGET_BEGIN(features) JADE_PRAGMA(GCC push_options) JADE_PRAGMA(GCC target(features))
#define JADE_TARGET_END JADE_PRAGMA(GCC pop_options)
#if defined(JADE_IS_SANITIZED)
#define JADE_UNROLL JADE_PRAGMA(GCC unroll 1)
#else
#define JADE_UNROLL JADE_PRAGMA(GCC unroll 16)
#endif
#define JADE_ONE_BY_ONE
#define JADE_NOT_UNROLLED JADE_PRAGMA(GCC unroll 1)
#endif

#define JADE_INLINE static inline __attribute__((always_inline))
#define JADE_PASTE_(a, b) a##b
#define JADE_PASTE(a, b) JADE_PASTE_(a, b)
