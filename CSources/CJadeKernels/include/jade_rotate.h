/// Random rotations by the fast Walsh-Hadamard transform: O(d log d) instead of the d^2 of a matrix, and d bits a round instead of
/// d^2 numbers.
///
/// A round flips the signs that its bits name and transforms. Let n be the largest power of two that is not beyond the dimension:
/// if they are equal, the whole vector is transformed; if not, first its first n components and then its last n, two blocks that
/// overlap. Each transform is scaled by 1 / sqrt(n), so every round, and the whole, is orthogonal: lengths and angles stay, and
/// nothing has to be appended to the vector. Three rounds spread any vector well for a power of two (Yu, Suresh, Choromanski,
/// Holtmann-Rice, Kumar: "Orthogonal Random Features", NIPS 2016), four for other dimensions.
#pragma once

#include "jade_base.h"

struct jade_rotation {
    size_t dimension;
    size_t rounds;
    /// `jade_rotation_bytes` bytes: round k begins at byte k * ceil(dimension / 8), and component i is flipped if bit i % 8 of byte
    /// i / 8 is set. Bits behind the last component do not count.
    const uint8_t *JADE_NONNULL signs;
};

static inline size_t jade_rotation_bytes(size_t dimension, size_t rounds) { return rounds * ((dimension + 7) / 8); }
