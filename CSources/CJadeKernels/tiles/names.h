/// Names of a tile kernel's functions: those of the list, and its own in a file that holds several.
#pragma once

#define TILES_NAME_(kernel, name, level) jade_##kernel##_##name##_##level
#define TILES_NAME(kernel, name, level) TILES_NAME_(kernel, name, level)
#define TILES(name) TILES_NAME(TILES_KERNEL, name, JADE_LEVEL)
#define OWN_NAME_(kernel, name) kernel##_##name
#define OWN_NAME(kernel, name) OWN_NAME_(kernel, name)
#define OWN(name) OWN_NAME(TILES_KERNEL, name)
/// For tiles that need no preparation.
#define TILES_NOTHING() ((void)0)
