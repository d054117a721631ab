// Many-to-many products: our tiles and a peer's packed product, over the same queries and rows, both packed before the time is taken.
#include "bench.h"
#include "jade_dispatch.h"

typedef void pack_function(const struct jade_queries *);
typedef void tiles_function(const struct jade_queries *, const void *, size_t, size_t, float *, size_t);
typedef void packed_function(const void *, const void *, void *, size_t, size_t, size_t, size_t, size_t);

uint64_t jb_tiles_bytes(size_t queries, size_t dimension, size_t component_bytes)
{
    return jade_queries_bytes(queries, dimension, component_bytes);
}

static struct jade_queries batch(const struct jb_tiles *work)
{
    return (struct jade_queries){.values = work->queries, .stride_bytes = work->row_bytes, .count = work->query_count,
                                 .dimension = work->dimension, .packed = work->packed};
}

void jb_tiles_pack(const void *function, const struct jb_tiles *work)
{
    const struct jade_queries queries = batch(work);
    ((pack_function *)function)(&queries);
}

uint64_t jb_tiles_sample(const struct jb_tiles *work, size_t repeats)
{
    const struct jade_queries queries = batch(work);
    const uint64_t start = jb_nanoseconds();
    for (size_t repeat = 0; repeat < repeats; repeat++) {
        if (work->result_bytes)
            ((packed_function *)work->function)(work->rows, work->packed, work->out, work->row_count, work->query_count,
                                                work->dimension, work->row_bytes, work->query_count * work->result_bytes);
        else
            ((tiles_function *)work->function)(&queries, work->rows, work->row_bytes, work->row_count, work->out,
                                               work->query_count);
    }
    return jb_nanoseconds() - start;
}
