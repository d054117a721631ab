/// The tiles of every level that this machine has.
#include "tiles_check.h"

int main(void) { for_each_level(check_level); }
