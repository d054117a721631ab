#include "machine.h"
#include <numa.h>
#include <numaif.h>

/// Frees `units`.
static enum jade_placement pin(const struct jade_topology *topology, hwloc_bitmap_t units)
{
    enum jade_placement placement = JADE_NO_SUCH_PLACE;
    if (units && hwloc_bitmap_isincluded(units, topology->allowed) && !hwloc_bitmap_iszero(units))
        placement = hwloc_set_cpubind(topology->machine, units, HWLOC_CPUBIND_THREAD) ? JADE_REFUSED : JADE_PLACED;
    hwloc_bitmap_free(units);
    return placement;
}

enum jade_placement jade_pin_thread_to_units(const struct jade_topology *topology, const uint32_t *units, size_t count)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    for (size_t i = 0; set && i < count; i++)
        if (hwloc_bitmap_set(set, units[i])) break;
    return pin(topology, set);
}

enum jade_placement jade_pin_thread_to_node(const struct jade_topology *topology, uint32_t node)
{
    hwloc_obj_t place = node_object(topology, node);
    if (!place) return JADE_NO_SUCH_PLACE;
    if (hwloc_get_nbobjs_by_type(topology->machine, HWLOC_OBJ_NUMANODE) == 1) return JADE_ONE_NODE;
    hwloc_bitmap_t set = hwloc_bitmap_dup(place->cpuset);
    if (set) hwloc_bitmap_and(set, set, topology->allowed);
    return pin(topology, set);
}

enum jade_placement jade_unpin_thread(const struct jade_topology *topology)
{
    return pin(topology, hwloc_bitmap_dup(topology->allowed));
}

enum jade_placement jade_bind_memory(const struct jade_topology *topology, void *address, size_t length, uint32_t node)
{
    hwloc_obj_t place = node_object(topology, node);
    if (!place) return JADE_NO_SUCH_PLACE;
    if (hwloc_get_nbobjs_by_type(topology->machine, HWLOC_OBJ_NUMANODE) == 1) return JADE_ONE_NODE;
    if (numa_available() < 0) return JADE_REFUSED;
    struct bitmask *nodes = numa_allocate_nodemask();
    numa_bitmask_setbit(nodes, place->os_index);
    // The kernel takes the mask's size as one more than its last bit.
    long failed = mbind(address, length, MPOL_PREFERRED, nodes->maskp, nodes->size + 1, MPOL_MF_MOVE);
    numa_free_nodemask(nodes);
    return failed ? JADE_REFUSED : JADE_PLACED;
}
