/// What every public header needs.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// gcc knows no nullability; Swift turns what is marked into non-optional pointers.
#if defined(__clang__)
#define JADE_NONNULL _Nonnull
#define JADE_NULLABLE _Nullable
#else
#define JADE_NONNULL
#define JADE_NULLABLE
#endif

/// 16-bit floats travel as their bits.
typedef uint16_t jade_f16;
typedef uint16_t jade_bf16;
