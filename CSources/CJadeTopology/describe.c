#include "machine.h"

static uint32_t count_of(const struct jade_topology *topology, hwloc_obj_type_t type)
{
    int count = hwloc_get_nbobjs_by_type(topology->machine, type);
    return count > 0 ? (uint32_t)count : 0;
}

static uint64_t cache_bytes(const struct jade_topology *topology, hwloc_obj_type_t type)
{
    hwloc_obj_t cache = hwloc_get_obj_by_type(topology->machine, type, 0);
    return cache ? cache->attr->cache.size : 0;
}

struct jade_topology_summary jade_topology_summarize(const struct jade_topology *topology)
{
    return (struct jade_topology_summary){
        .packages = count_of(topology, HWLOC_OBJ_PACKAGE),
        .nodes = count_of(topology, HWLOC_OBJ_NUMANODE),
        .cores = count_of(topology, HWLOC_OBJ_CORE),
        .units = count_of(topology, HWLOC_OBJ_PU),
        .allowed_units = (uint32_t)jade_topology_allowed_units(topology, -1, NULL, 0),
        .l1d_bytes = cache_bytes(topology, HWLOC_OBJ_L1CACHE),
        .l2_bytes = cache_bytes(topology, HWLOC_OBJ_L2CACHE),
        .l3_bytes = cache_bytes(topology, HWLOC_OBJ_L3CACHE),
    };
}

struct jade_topology_node jade_topology_node_at(const struct jade_topology *topology, uint32_t index)
{
    hwloc_obj_t node = node_object(topology, index);
    if (!node) return (struct jade_topology_node){0, 0, 0};
    return (struct jade_topology_node){
        .number = node->os_index,
        .allowed_units = (uint32_t)jade_topology_allowed_units(topology, index, NULL, 0),
        .memory_bytes = node->attr->numanode.local_memory,
    };
}

size_t jade_topology_allowed_units(const struct jade_topology *topology, int64_t node, uint32_t *out, size_t capacity)
{
    hwloc_obj_t within = node < 0 ? NULL : node_object(topology, (uint32_t)node);
    if (node >= 0 && !within) return 0;
    size_t count = 0;
    int unit;
    hwloc_bitmap_foreach_begin(unit, topology->allowed)
        if (within && !hwloc_bitmap_isset(within->cpuset, (unsigned)unit)) continue;
        if (out && count < capacity) out[count] = (uint32_t)unit;
        count++;
    hwloc_bitmap_foreach_end();
    return count;
}
