#include "CJadeKernels.h"
