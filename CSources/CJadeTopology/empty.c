#include "CJadeTopology.h"
