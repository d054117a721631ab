/// What the parts of the topology share.
#pragma once

#include "include/CJadeTopology.h"
#include <hwloc.h>

struct jade_topology {
    hwloc_topology_t machine;
    /// Units that both the system (cgroups) and the process's own affinity allow.
    hwloc_cpuset_t allowed;
};

/// NULL if there is no such node.
static inline hwloc_obj_t node_object(const struct jade_topology *topology, uint32_t node)
{
    return hwloc_get_obj_by_type(topology->machine, HWLOC_OBJ_NUMANODE, node);
}
