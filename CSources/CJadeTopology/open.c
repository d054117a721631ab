#include "machine.h"
#include <stdlib.h>

static hwloc_topology_t read_machine(void)
{
    hwloc_topology_t machine;
    if (hwloc_topology_init(&machine)) return NULL;
    if (hwloc_topology_load(machine)) {
        hwloc_topology_destroy(machine);
        return NULL;
    }
    return machine;
}

static hwloc_cpuset_t read_allowed(hwloc_topology_t machine)
{
    hwloc_cpuset_t allowed = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(machine));
    hwloc_cpuset_t affinity = hwloc_bitmap_alloc();
    if (allowed && affinity && hwloc_get_cpubind(machine, affinity, HWLOC_CPUBIND_PROCESS) == 0 &&
        hwloc_bitmap_intersects(allowed, affinity))
        hwloc_bitmap_and(allowed, allowed, affinity);
    hwloc_bitmap_free(affinity);
    return allowed;
}

struct jade_topology *jade_topology_open(void)
{
    struct jade_topology *topology = calloc(1, sizeof *topology);
    if (!topology) return NULL;
    topology->machine = read_machine();
    if (topology->machine) topology->allowed = read_allowed(topology->machine);
    if (topology->allowed) return topology;
    jade_topology_close(topology);
    return NULL;
}

void jade_topology_close(struct jade_topology *topology)
{
    hwloc_bitmap_free(topology->allowed);
    if (topology->machine) hwloc_topology_destroy(topology->machine);
    free(topology);
}
