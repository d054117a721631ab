#define JADE_LEVEL serial
#define JADE_REGION_BEGIN
#define JADE_REGION_END
#include "codes.h"
