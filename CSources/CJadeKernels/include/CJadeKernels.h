/// Everything that Swift sees of the kernels.
#pragma once

#include "jade_atomics.h"
#include "jade_codes.h"
#include "jade_cpu.h"
#include "jade_dispatch.h"
#include "jade_pq.h"
#include "jade_rabitq.h"
#include "jade_rotate.h"
#include "jade_tiles.h"
#include "jade_topk.h"
