#!/usr/bin/env python3
"""Lets filtered searches of jadevectordb and of embedded vector databases take turns.

usage: filters.py --jade PROGRAM [--peers qdrant,zvec] [--shares X,X,…] [--ef N,N,…] [--queries N] [--rounds N] [--seconds S] NAME=BASE,QUERIES,METRIC …

Every row has two numbers from 0 to the number of rows: its place in a shuffle, and its place along a direction, which goes with where the row
lies. A filter lets through the rows below a number. One search at a time; recall@10 is against the exact answer of the same filter. Rates are of
processor time. Both peers are asked from Python, which takes some 10 to 20 microseconds a search of theirs.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from compare import EF_CONSTRUCTION, M, TOP_K, load, unit

FIELDS = ("shuffled", "along a direction")


def ranks_of(base):
    random = np.random.default_rng(7)
    direction = random.standard_normal(base.shape[1]).astype(np.float32)
    ranks = np.empty((len(base), 2), dtype=np.float32)
    ranks[:, 0] = random.permutation(len(base))
    ranks[np.argsort(base @ direction), 1] = np.arange(len(base))
    return ranks


def exact(base, queries, metric, allowed):
    rows = np.flatnonzero(allowed)
    part = base[rows].astype(np.float64)
    scores = queries.astype(np.float64) @ part.T
    distance = (part**2).sum(1) - 2 * scores if metric == "euclidean" else -scores
    return rows[np.argsort(distance, axis=1, kind="stable")[:, :TOP_K]]


class Jade:
    name = "jadevectordb"
    options = []

    def __init__(self, files, metric, arguments):
        command = [
            arguments.jade, "bench", "filter", "--base", files["base"], "--queries", files["queries"], "--ranks", files["ranks"], "--metric", metric,
            "--shares", arguments.shares, "--ef", arguments.ef, "--top-k", str(TOP_K), "--rounds", str(arguments.rounds),
            "--seconds", str(arguments.seconds), "--folder", files["folder"], "--paced",
            *self.options,
        ]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if line.strip() != "ready":
            sys.exit(line + self.process.stderr.read())

    def round(self, truth):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        points = {}
        while line := self.process.stdout.readline().strip():
            p = json.loads(line)
            points[p["field"], p["share"], p["ef"]] = (p["recall"], p["queries_per_cpu_second"], p["fewest_results"], p["strategies"])
        return points


class JadeOneFilter(Jade):
    """All queries with one filter, as the peers are asked; the other has a filter of its own for each."""

    name = "jadevectordb, one filter"
    options = ["--repeat-filters"]


class Peer:
    """One that is asked from here: `ask(query, column, bound, ef)` gives the numbers of rows."""

    def __init__(self, base, queries, ranks, metric, folder, arguments):
        self.queries, self.arguments, self.count = queries, arguments, len(base)
        self.build(base, ranks, metric, os.path.join(folder, self.name))

    def round(self, truth):
        return {(column, share, ef): self.point(column, share, ef, wanted)
                for (column, share), wanted in truth.items() for ef in map(int, self.arguments.ef.split(","))}

    def point(self, column, share, ef, truth):
        bound = share * self.count
        queries = [self.form(query) for query in self.queries]
        found = [self.ask(query, column, bound, ef) for query in queries]
        hits = sum(len(set(a) & set(b)) for a, b in zip(found, truth))
        asked, wall, cpu = 0, time.perf_counter(), time.process_time()
        while asked == 0 or time.perf_counter() - wall < self.arguments.seconds:
            for query in queries:
                self.ask(query, column, bound, ef)
            asked += len(queries)
        return hits / truth.size, asked / (time.process_time() - cpu), min(map(len, found)), ""


class Qdrant(Peer):
    name = "qdrant-edge"

    def build(self, base, ranks, metric, path):
        import qdrant_edge as q

        self.q = q
        distance = q.Distance.Euclid if metric == "euclidean" else q.Distance.Cosine
        graph = q.HnswIndexConfig(m=M, ef_construct=EF_CONSTRUCTION, full_scan_threshold=10_000)
        os.makedirs(path)
        self.shard = q.EdgeShard.create(path, q.EdgeConfig(vectors=q.EdgeVectorParams(size=base.shape[1], distance=distance, hnsw_config=graph)))
        for column in range(len(FIELDS)):
            self.shard.update(q.UpdateOperation.create_field_index(f"rank{column}", q.PayloadSchemaType.Integer))
        for start in range(0, len(base), 1000):
            points = [
                q.Point(row, base[row].tolist(), {f"rank{column}": int(ranks[row, column]) for column in range(len(FIELDS))})
                for row in range(start, min(start + 1000, len(base)))
            ]
            self.shard.update(q.UpdateOperation.upsert_points(points))
        self.shard.optimize()
        print(f"qdrant-edge: {self.shard.info()}", file=sys.stderr)

    def form(self, query):
        return self.q.Query.Nearest(query.tolist())

    def ask(self, query, column, bound, ef):
        allowed = self.q.Filter(must=[self.q.FieldCondition(key=f"rank{column}", range=self.q.RangeFloat(lt=bound))])
        parameters = self.q.SearchParams(hnsw_ef=ef)
        return [hit.id for hit in self.shard.search(self.q.SearchRequest(query=query, limit=TOP_K, filter=allowed, params=parameters))]


class Zvec(Peer):
    name = "zvec"

    def build(self, base, ranks, metric, path):
        import zvec

        zvec.init(log_level=zvec.LogLevel.ERROR)
        self.zvec = zvec
        kind = zvec.MetricType.L2 if metric == "euclidean" else zvec.MetricType.COSINE
        fields = [zvec.FieldSchema(f"rank{column}", zvec.DataType.INT64, index_param=zvec.InvertIndexParam(enable_range_optimization=True)) for column in range(len(FIELDS))]
        graph = zvec.HnswIndexParam(metric_type=kind, m=M, ef_construction=EF_CONSTRUCTION)
        schema = zvec.CollectionSchema("docs", fields, zvec.VectorSchema("v", zvec.DataType.VECTOR_FP32, base.shape[1], index_param=graph))
        self.collection = zvec.create_and_open(path, schema)
        for start in range(0, len(base), 1000):
            self.collection.upsert([
                zvec.Doc(id=str(row), vectors={"v": base[row].tolist()}, fields={f"rank{column}": int(ranks[row, column]) for column in range(len(FIELDS))})
                for row in range(start, min(start + 1000, len(base)))
            ])
        self.collection.optimize()
        print(f"zvec: {self.collection.stats}", file=sys.stderr)

    def form(self, query):
        return query.tolist()

    def ask(self, query, column, bound, ef):
        asked = self.zvec.Query(field_name="v", vector=query, param=self.zvec.HnswQueryParam(ef=ef))
        return [int(hit.id) for hit in self.collection.query(asked, topk=TOP_K, filter=f"rank{column} < {int(bound)}", output_fields=[])]


PEERS = {"qdrant": Qdrant, "zvec": Zvec}


def compare(name, spec, arguments):
    base_path, queries_path, metric = spec.split(",")[:3]
    base = np.ascontiguousarray(load(base_path), dtype=np.float32)
    queries = np.ascontiguousarray(load(queries_path), dtype=np.float32)[: arguments.queries]
    if metric == "cosine":
        base, queries = unit(base), unit(queries)
    ranks = ranks_of(base)
    truth = {(column, share): exact(base, queries, metric, ranks[:, column] < share * len(base))
             for column in range(len(FIELDS)) for share in map(float, arguments.shares.split(","))}
    with tempfile.TemporaryDirectory() as folder:
        files = {"folder": folder}
        for kind, rows in (("base", base), ("queries", queries), ("ranks", ranks)):
            files[kind] = os.path.join(folder, f"{kind}.npy")
            np.save(files[kind], rows)
        ours = [Jade(files, metric, arguments), JadeOneFilter(files, metric, arguments)]
        sides = list(ours)
        sides += [PEERS[peer](base, queries, ranks, metric, folder, arguments) for peer in filter(None, arguments.peers.split(","))]
        rounds = []
        for number in range(arguments.rounds):
            rounds.append({})
            for side in sides if number % 2 == 0 else reversed(sides):
                rounds[-1][side.name] = side.round(truth)
        report(name, base, metric, [side.name for side in sides], rounds)
        for side in ours:
            side.process.kill()
            side.process.wait()


def report(name, base, metric, names, rounds):
    print(f"\n{name} ({len(base):,} × {base.shape[1]}, {metric}); recall@{TOP_K} and searches a second of processor time, medians of {len(rounds)} rounds\n")
    print("| field | share | ef |" + "".join(f" {side} |" for side in names) + " how |\n|---|---|---|" + "---|" * (len(names) + 1))
    for place in rounds[0][names[0]]:
        column, share, ef = place
        cells = []
        for side in names:
            points = [measured[side][place] for measured in rounds]
            cells.append(f" {points[0][0]:.3f}: {statistics.median(p[1] for p in points):,.0f}{'' if points[0][2] == TOP_K else f', down to {points[0][2]} results'} |")
        print(f"| {FIELDS[column]} | {share:g} | {ef} |" + "".join(cells) + f" {rounds[0][names[0]][place][3]} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jade", required=True)
    parser.add_argument("--peers", default="qdrant,zvec")
    parser.add_argument("--shares", default="0.5,0.1,0.01,0.001")
    parser.add_argument("--ef", default="64,128")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("sets", nargs="+")
    arguments = parser.parse_args()
    for item in arguments.sets:
        compare(*item.split("=", 1), arguments)


if __name__ == "__main__":
    main()
