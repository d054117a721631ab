/// The dot product of bytes and its negative, which is a distance.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"

#define JADE_KERNEL dot_i8
#define DOT_SIGN +
#include "dot_i8.h"
#define JADE_KERNEL dot_u8
#include "dot_u8.h"
#undef DOT_SIGN

#define JADE_KERNEL ndot_i8
#define DOT_SIGN -
#include "dot_i8.h"
#define JADE_KERNEL ndot_u8
#include "dot_u8.h"
#undef DOT_SIGN
