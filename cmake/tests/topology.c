/// The machine as it is described: consistent with itself, and asking for what does not exist does no harm.
#include "check.h"
#if defined(JADE_HAS_TOPOLOGY)
#include "CJadeTopology.h"

int main(void)
{
    struct jade_topology *topology = jade_topology_open();
    CHECK(topology, "the machine cannot be read");
    struct jade_topology_summary all = jade_topology_summarize(topology);
    CHECK(all.units >= all.allowed_units && all.allowed_units > 0 && all.cores <= all.units, "%u of %u units",
          all.allowed_units, all.units);
    uint32_t *units = guarded(all.allowed_units * sizeof *units);
    CHECK(jade_topology_allowed_units(topology, -1, units, all.allowed_units) == all.allowed_units, "units changed");
    for (uint32_t i = 1; i < all.allowed_units; i++) CHECK(units[i - 1] < units[i], "units are not ascending");
    size_t by_node = 0;
    for (uint32_t node = 0; node < all.nodes; node++) by_node += jade_topology_node_at(topology, node).allowed_units;
    CHECK(by_node == all.allowed_units, "the nodes have %zu units, the machine %u", by_node, all.allowed_units);
    CHECK(jade_topology_node_at(topology, all.nodes).allowed_units == 0, "a node behind the last");
    CHECK(jade_pin_thread_to_node(topology, all.nodes) == JADE_NO_SUCH_PLACE, "a node behind the last");
    CHECK(jade_unpin_thread(topology) != JADE_NO_SUCH_PLACE, "everything is a place");
    jade_topology_close(topology);
}
#else
int main(void) { return 0; }
#endif
