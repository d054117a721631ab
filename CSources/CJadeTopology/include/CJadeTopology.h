/// A thin face of hwloc and libnuma: what the machine looks like, where threads run, where memory lies.
///
/// Everything works on a machine with one memory node too; there, and where the system refuses, placing reports that it
/// did nothing, and why.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define JADE_NONNULL _Nonnull
#define JADE_NULLABLE _Nullable
#else
#define JADE_NONNULL
#define JADE_NULLABLE
#endif

/// The machine as it was when opened; immutable, so any thread may ask it.
struct jade_topology;

struct jade_topology_summary {
    uint32_t packages;
    uint32_t nodes;
    uint32_t cores;
    /// Processing units (hardware threads) of the machine, and those that this process may use.
    uint32_t units;
    uint32_t allowed_units;
    /// Bytes of one cache of each level; 0 where unknown.
    uint64_t l1d_bytes;
    uint64_t l2_bytes;
    uint64_t l3_bytes;
};

struct jade_topology_node {
    /// The system's number of the node.
    uint32_t number;
    /// Units of this node that this process may use.
    uint32_t allowed_units;
    /// 0 where unknown.
    uint64_t memory_bytes;
};

/// What became of a wish to place a thread or memory.
enum jade_placement {
    JADE_PLACED,
    /// There is only one place: nothing to do.
    JADE_ONE_NODE,
    /// This system cannot, or does not let us.
    JADE_REFUSED,
    /// No such node or unit.
    JADE_NO_SUCH_PLACE,
};

/// NULL if the machine could not be read.
struct jade_topology *JADE_NULLABLE jade_topology_open(void);
void jade_topology_close(struct jade_topology *JADE_NONNULL topology);

struct jade_topology_summary jade_topology_summarize(const struct jade_topology *JADE_NONNULL topology);

/// Node number `index` of `0 ..< nodes`, in the system's order; all 0 if there is none.
struct jade_topology_node jade_topology_node_at(const struct jade_topology *JADE_NONNULL topology, uint32_t index);

/// Writes the system's numbers of the units that this process may use, ascending, at most `capacity`; returns how many
/// there are. `node` is an index as above, or -1 for all nodes.
size_t jade_topology_allowed_units(const struct jade_topology *JADE_NONNULL topology, int64_t node,
                                   uint32_t *JADE_NULLABLE out, size_t capacity);

/// Lets the calling thread run on these units only.
enum jade_placement jade_pin_thread_to_units(const struct jade_topology *JADE_NONNULL topology,
                                             const uint32_t *JADE_NONNULL units, size_t count);

/// Lets the calling thread run on the units of a node only.
enum jade_placement jade_pin_thread_to_node(const struct jade_topology *JADE_NONNULL topology, uint32_t node);

/// Lets the calling thread run on everything that the process may use again.
enum jade_placement jade_unpin_thread(const struct jade_topology *JADE_NONNULL topology);

/// Makes the pages of a range come from a node's memory, and moves those that exist; `address` must lie on a page
/// boundary. A preference: when the node is full, other nodes help out.
enum jade_placement jade_bind_memory(const struct jade_topology *JADE_NONNULL topology, void *JADE_NONNULL address,
                                     size_t length, uint32_t node);
