/// What a unit can do at best, from a loop over registers alone: the roof for benchmarks.
#pragma once

#include "jade_base.h"

/// Runs `rounds` rounds of AMX products, of bytes or of bf16, over tiles that are loaded once; returns how many components were
/// multiplied and added, 0 at once where level sapphire cannot run. Time it from outside, with rounds enough for milliseconds (a
/// round takes some 64 cycles).
uint64_t jade_amx_peak(bool is_bf16, size_t rounds);
