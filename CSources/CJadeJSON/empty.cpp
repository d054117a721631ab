#include "CJadeJSON.h"
