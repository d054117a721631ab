/// The instruction multiplies bytes without a sign by bytes with one: 128 is taken from the row's, and 128 times the sum of
/// the query is added at the end. Included once per kernel, which JADE_KERNEL names; DOT_SIGN is `+` or `-`.
#define ELEMENT uint8_t
#if defined(JADE_HAS_VNNI)
#define SHORT_FITS(dimension) ((dimension) <= DOT_FEW)
#define SHORT_ONE(a, b, dimension) (DOT_SIGN (float)dot_u8_few(a, b, dimension))
#define STEP(q, x, sum) ints_mixed(sum, q, i8_biased(x))
#define OWN ints
#define OWN_START ints_zero()
#define OWN_STEP(q, own) ints_mixed(own, q, word_ones())
#define OWN_ADD ints_add
#define PREPARED uint32_t
#define OWN_FINISH(own, dimension) (128 * ints_sum(own))
#define FINISH(sum, prepared, row, dimension) (DOT_SIGN (float)(ints_sum(sum) + prepared))
#define FINISH_ONE(sum, own, row, dimension) (DOT_SIGN (float)ints_sum(ints_plus_128(sum, own)))
#else
#define STEP(q, x, sum) ints_u8_products(sum, q, x)
#define FINISH(sum, prepared, row, dimension) (DOT_SIGN (float)ints_sum(sum))
#endif
#include "../shared/byte_rows.h"
