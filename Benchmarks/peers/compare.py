#!/usr/bin/env python3
"""Lets jadevectordb and others take turns on the same vectors and writes what came out as Markdown, JSON and SVG.

usage: compare.py --jade PROGRAM [--ours none,sq8,sq4,pq,rabitq,rabitq4,rabitq8] [--peers hnswlib,faiss,faiss-sq8,usearch,usearch-i8,svs,svs-f16,ngt]
                  [--rounds N] [--ef N,N,…] [--oversampling X,X,…] [--queries N] [--seconds S] [--keep FOLDER] [--out FOLDER] NAME=BASE,QUERIES,METRIC[,TRUTH] …

Files are .npy or .fvecs / .bvecs / .ivecs; the metric is euclidean, cosine or dot. One thread on both sides. With --keep, what peers
built is kept for the next run, with the time it took.
"""
import argparse
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

M, EF_CONSTRUCTION, TOP_K = 16, 200, 10
RECALLS = (0.90, 0.95, 0.99)
SPACES = {"euclidean": "l2", "cosine": "cosine", "dot": "ip"}
COLOURS = ("#0a7d5a", "#14507a", "#3aa6a0", "#b0562a", "#7a4fa3", "#8a8a2a", "#a32a4f", "#555555", "#2a4fa3", "#b08a2a", "#4f7a2a", "#a32aa3")


def load(path):
    """Rows of a file: float32, or whole numbers where the file has them."""
    if path.endswith(".npy"):
        return np.load(path)
    kind = {"fvecs": np.float32, "ivecs": np.int32, "bvecs": np.uint8}[path.rsplit(".", 1)[1]]
    raw = np.fromfile(path, dtype=np.uint8)
    width = int(raw[:4].view(np.int32)[0]) * np.dtype(kind).itemsize + 4
    return np.ascontiguousarray(raw.reshape(-1, width)[:, 4:]).view(kind)


def exact(base, queries, metric):
    """The true neighbours, by matrix products in float64, a block of queries at a time."""
    base = base.astype(np.float64)
    if metric == "cosine":
        base /= np.maximum(np.linalg.norm(base, axis=1, keepdims=True), 1e-30)
    squares = (base**2).sum(1)
    truth = []
    for block in np.array_split(queries.astype(np.float64), max(1, len(queries) // 100)):
        scores = block @ base.T
        distance = squares - 2 * scores if metric == "euclidean" else -scores
        nearest = np.argpartition(distance, TOP_K, axis=1)[:, :TOP_K]
        order = np.take_along_axis(distance, nearest, 1).argsort(axis=1, kind="stable")
        truth.append(np.take_along_axis(nearest, order, 1))
    return np.concatenate(truth).astype(np.int32)


def recall(found, truth):
    hits = sum(len(set(row) & set(true[:TOP_K])) for row, true in zip(found, truth))
    return hits / (TOP_K * len(found))


class Jade:
    """A process that has built its index and waits for a line before each round."""

    def __init__(self, ours, files, metric, arguments):
        self.name = "jadevectordb" if ours == "none" else f"jadevectordb {ours}"
        reduction, dimension, quantization = re.fullmatch(r"(?:(pca|truncate)(\d*)-)?(\w+)", ours).groups()
        command = [
            arguments.jade, "bench", "index", "--base", files["base"], "--queries", files["queries"], "--truth", files["truth"],
            "--metric", metric, "--m", str(M), "--ef-construction", str(EF_CONSTRUCTION), "--ef", arguments.ef,
            "--threads", "1", "--top-k", str(TOP_K), "--rounds", str(arguments.rounds), "--seconds", str(arguments.seconds), "--paced",
        ]
        if reduction:
            command += ["--reduction", reduction, "--reduced-dimension", dimension or "0"]
        if ours != "none":
            command += ["--quantization", quantization, "--oversampling", arguments.oversampling]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if line.strip() != "ready":
            sys.exit(line + self.process.stderr.read())

    def round(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        points = []
        while (line := self.process.stdout.readline().strip()):
            points.append(json.loads(line))
        self.build = {"wall": points[0]["build_seconds"], "cpu": points[0]["build_cpu_seconds"]}
        self.bytes_per_vector = points[0]["bytes_per_vector"]
        return [(p["ef"], p["recall"], p["queries_per_second"], p["queries_per_cpu_second"]) for p in points]


class Peer:
    """A library in this process: what it is built from, and how it is asked with an `ef`."""

    def __init__(self, name, base, queries, truth, metric, arguments, kept=None):
        self.name, self.queries, self.truth, self.arguments = name, queries, truth, arguments
        wall, cpu = time.perf_counter(), time.process_time()
        self.set_ef, self.search, size = PEERS[name](base, metric, kept)
        self.build = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        if kept:
            self.build = remembered(kept + ".json", self.build)
        self.bytes_per_vector = size / len(base)

    def round(self):
        return [self.point(int(ef)) for ef in self.arguments.ef.split(",")]

    def point(self, ef):
        self.set_ef(max(ef, TOP_K))
        found = self.search(self.queries)
        asked, wall, cpu = 0, time.perf_counter(), time.process_time()
        while asked == 0 or time.perf_counter() - wall < self.arguments.seconds:
            self.search(self.queries)
            asked += len(self.queries)
        return ef, recall(found, self.truth), asked / (time.perf_counter() - wall), asked / (time.process_time() - cpu)


def remembered(path, build):
    """What building took when it was built."""
    if not os.path.exists(path):
        with open(path, "w") as file:
            json.dump(build, file)
    with open(path) as file:
        return json.load(file)


def is_kept(kept):
    return kept is not None and os.path.exists(kept)


def build_hnswlib(base, metric, kept=None):
    import hnswlib

    index = hnswlib.Index(space=SPACES[metric], dim=base.shape[1])
    if is_kept(kept):
        index.load_index(kept, max_elements=len(base))
    else:
        index.init_index(max_elements=len(base), M=M, ef_construction=EF_CONSTRUCTION, random_seed=1)
        index.set_num_threads(1)
        index.add_items(base, num_threads=1)
        if kept:
            index.save_index(kept)
    index.set_num_threads(1)
    return index.set_ef, lambda queries: index.knn_query(queries, k=TOP_K, num_threads=1)[0], index.index_file_size()


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-30)


def build_faiss(base, metric, kept=None, make=None):
    import faiss

    faiss.omp_set_num_threads(1)
    prepare = unit if metric == "cosine" else lambda rows: rows
    kind = faiss.METRIC_L2 if metric == "euclidean" else faiss.METRIC_INNER_PRODUCT
    if is_kept(kept):
        index = faiss.read_index(kept)
    else:
        index = make(faiss, kind) if make else faiss.IndexHNSWFlat(base.shape[1], M, kind)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        base = prepare(base)
        index.train(base)
        index.add(base)
        if kept:
            faiss.write_index(index, kept)
    return (lambda ef: setattr(index.hnsw, "efSearch", ef)), lambda queries: index.search(prepare(queries), TOP_K)[1], len(faiss.serialize_index(index))


def build_faiss_sq8(base, metric, kept=None):
    return build_faiss(
        base, metric, kept, lambda faiss, kind: faiss.IndexHNSWSQ(base.shape[1], faiss.ScalarQuantizer.QT_8bit, M, kind))


def build_usearch(base, metric, kept=None, dtype="f32"):
    from usearch.index import Index

    space = {"euclidean": "l2sq", "cosine": "cos", "dot": "ip"}[metric]
    if dtype == "i8" and metric != "cosine":
        sys.exit("usearch's i8 is for cosine")
    index = Index(ndim=base.shape[1], metric=space, dtype=dtype, connectivity=M, expansion_add=EF_CONSTRUCTION)
    if is_kept(kept):
        index.load(kept)
    else:
        index.add(np.arange(len(base)), base, threads=1)
        if kept:
            index.save(kept)
    return (lambda ef: setattr(index, "expansion_search", ef)), lambda queries: index.search(queries, TOP_K, threads=1).keys, index.memory_usage


def build_svs(base, metric, kept=None, dtype=np.float32):
    """Vamana over floats: LVQ is refused on processors that are not Intel's, and ends the process."""
    import svs

    kind = {"euclidean": svs.DistanceType.L2, "cosine": svs.DistanceType.Cosine, "dot": svs.DistanceType.MIP}[metric]
    alpha = 1.2 if metric == "euclidean" else 0.95
    parameters = svs.VamanaBuildParameters(graph_max_degree=2 * M, window_size=EF_CONSTRUCTION, alpha=alpha)
    if is_kept(kept):
        graph, data = svs.GraphLoader(f"{kept}/graph"), svs.VectorDataLoader(
            f"{kept}/data", svs.DataType.float16 if dtype == np.float16 else svs.DataType.float32, dims=base.shape[1])
        index = svs.Vamana(f"{kept}/config", graph, data, kind, num_threads=1)
    else:
        index = svs.Vamana.build(parameters, base.astype(dtype), kind, num_threads=1)
        if kept:
            os.makedirs(kept)
            index.save(f"{kept}/config", f"{kept}/graph", f"{kept}/data")
    size = base.size * np.dtype(dtype).itemsize + len(base) * 4 * (2 * M + 1)
    return (lambda ef: setattr(index, "search_window_size", ef)), lambda queries: index.search(queries.astype(dtype), TOP_K)[0], size


def build_ngt(base, metric, kept=None):
    """An ANNG, asked query by query with an epsilon that grows with `ef`."""
    import ngtpy

    path = kept or tempfile.mkdtemp() + "/ngt"
    if not is_kept(path):
        distance = {"euclidean": "L2", "cosine": "Normalized Cosine", "dot": "Inner Product"}[metric]
        ngtpy.create(path, base.shape[1], edge_size_for_creation=2 * M, edge_size_for_search=2 * M, distance_type=distance)
        index = ngtpy.Index(path)
        index.batch_insert(base, num_threads=1)
        index.save()
        index.close()
    index = ngtpy.Index(path, read_only=True)
    size = sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path))

    def search(queries):
        return [index.search(query, TOP_K, with_distance=False) for query in queries]

    return (lambda ef: index.set(epsilon=0.05 * math.log2(ef / 8))), search, size


PEERS = {
    "hnswlib": build_hnswlib, "faiss": build_faiss, "faiss-sq8": build_faiss_sq8, "usearch": build_usearch,
    "usearch-i8": lambda base, metric, kept: build_usearch(base, metric, kept, "i8"), "svs": build_svs,
    "svs-f16": lambda base, metric, kept: build_svs(base, metric, kept, np.float16), "ngt": build_ngt,
}


def frontier(points):
    """The points that no other one beats in both recall and rate, which stands last."""
    kept, best = [], 0
    for point in sorted(points, key=lambda p: (-p[1], -p[-1])):
        if point[-1] > best:
            kept.append(point)
            best = point[-1]
    return kept


def at_recall(points, wanted, column):
    """Queries per second where the curve passes the recall; None when it does not reach it."""
    points = sorted(points, key=lambda p: p[1])
    for (_, r0, *low), (_, r1, *high) in zip(points, points[1:]):
        if r0 <= wanted <= r1 and r1 > r0:
            part = (wanted - r0) / (r1 - r0)
            return math.exp((1 - part) * math.log(low[column]) + part * math.log(high[column]))
    best = [p[2 + column] for p in points if p[1] >= wanted]
    return max(best) if best else None


def summary(rounds, wanted, column):
    values = [v for v in (at_recall(frontier(points), wanted, column) for points in rounds) if v]
    if len(values) < len(rounds):
        return None
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def compare(name, spec, arguments):
    base_path, queries_path, metric, *truth_path = spec.split(",")
    base = np.ascontiguousarray(load(base_path), dtype=np.float32)
    queries = np.ascontiguousarray(load(queries_path)[: arguments.queries], dtype=np.float32)
    truth = load(truth_path[0])[: arguments.queries] if truth_path else exact(base, queries, metric)
    queries_path = os.path.join(arguments.out, f"{name}.queries.npy")
    np.save(queries_path, queries)
    truth_file = os.path.join(arguments.out, f"{name}.truth.npy")
    np.save(truth_file, np.ascontiguousarray(truth, dtype=np.int32))
    print(f"{name}: {base.shape[0]} × {base.shape[1]}, {metric}, building…", file=sys.stderr)
    files = {"base": base_path, "queries": queries_path, "truth": truth_file}
    sides = [Jade(ours, files, metric, arguments) for ours in arguments.ours.split(",")]
    if arguments.keep:
        os.makedirs(arguments.keep, exist_ok=True)
    for peer in filter(None, arguments.peers.split(",")):
        kept = os.path.join(arguments.keep, f"{name}.{peer}") if arguments.keep else None
        sides.append(Peer(peer, base, queries, truth, metric, arguments, kept))
    rounds = {side.name: [] for side in sides}
    for number in range(arguments.rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            rounds[side.name].append(side.round())
        print(f"{name}: round {number + 1} of {arguments.rounds}", file=sys.stderr)
    return {
        "name": name, "rows": len(base), "dimension": base.shape[1], "metric": metric, "rounds": rounds,
        "build": {side.name: side.build for side in sides}, "bytes_per_vector": {side.name: side.bytes_per_vector for side in sides},
        "at": {
            str(wanted): {side.name: {"clock": summary(rounds[side.name], wanted, 0), "cpu": summary(rounds[side.name], wanted, 1)} for side in sides}
            for wanted in RECALLS
        },
    }


def shown(value):
    return "–" if value is None else f"{value['median']:,.0f} ({value['lowest']:,.0f}–{value['highest']:,.0f})"


def ratio(ours, theirs):
    return "–" if ours is None or theirs is None else f"{ours['median'] / theirs['median']:.2f} ×"


def markdown(sets):
    """Rates of all sides, with what each is of the first peer's where it isn't that one."""
    lines = [f"One thread, M={M}, ef_construction={EF_CONSTRUCTION}, top_k={TOP_K}; median (lowest–highest) over the rounds.", ""]
    for entry in sets:
        names = list(entry["build"])
        against = next((name for name in names if not name.startswith("jadevectordb")), names[0])
        lines += ["", f"| {entry['name']} | recall@10 | queries/s by the clock | of processor time | of {against}'s |", "|---|---|---|---|---|"]
        for wanted, sides in entry["at"].items():
            for name in names:
                side = sides[name]
                lines.append(f"| {name} | {wanted} | {shown(side['clock'])} | {shown(side['cpu'])} | {ratio(side['cpu'], sides[against]['cpu'])} |")
        lines += ["", f"| {entry['name']} | build, seconds (processor) | bytes a vector |", "|---|---|---|"]
        for name in names:
            build = entry["build"][name]
            lines.append(f"| {name} | {build['wall']:.1f} ({build['cpu']:.1f}) | {entry['bytes_per_vector'][name]:.0f} |")
    return "\n".join(lines)


def median_curve(rounds):
    """Recall and the median queries per second of processor time of each ef."""
    return sorted(frontier([(None, points[0][1], statistics.median(p[3] for p in points)) for points in zip(*rounds)]), key=lambda p: p[1])


def svg(sets):
    """A panel for each set: recall to the right, queries per second of processor time upwards, logarithmic."""
    width, height, pad = 420, 320, 56
    colours = dict(zip(dict.fromkeys(name for entry in sets for name in entry["rounds"]), COLOURS))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * len(sets)}" height="{height}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="white"/>']
    for number, entry in enumerate(sets):
        curves = {name: [p[1:] for p in median_curve(rounds) if p[1] >= 0.8] for name, rounds in entry["rounds"].items()}
        rates = [math.log10(rate) for curve in curves.values() for _, rate in curve] or [0, 1]
        low, high = math.floor(min(rates) * 4) / 4, math.ceil(max(rates) * 4) / 4
        def place(point):
            x = number * width + pad + (point[0] - 0.8) / 0.2 * (width - pad - 16)
            y = height - pad - (math.log10(point[1]) - low) / max(high - low, 1e-9) * (height - 2 * pad)
            return x, y
        left, bottom = number * width + pad, height - pad
        parts.append(f'<text x="{left}" y="28" font-size="14">{entry["name"]} ({entry["rows"]:,} × {entry["dimension"]}, {entry["metric"]})</text>')
        for tick in (0.8, 0.85, 0.9, 0.95, 1.0):
            x = place((tick, 10**low))[0]
            parts.append(f'<line x1="{x:.1f}" y1="{pad}" x2="{x:.1f}" y2="{bottom}" stroke="#ddd"/><text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{tick}</text>')
        step = low
        while step <= high + 1e-9:
            y = place((0.8, 10**step))[1]
            parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{number * width + width - 16}" y2="{y:.1f}" stroke="#ddd"/><text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10**step:,.0f}</text>')
            step += 0.25
        for line, (name, curve) in enumerate(curves.items()):
            spots = [place(p) for p in curve]
            parts.append(f'<polyline fill="none" stroke="{colours[name]}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in spots)}"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[name]}"/>' for x, y in spots]
            parts.append(f'<text x="{left + 8}" y="{bottom - 10 - 16 * line}" fill="{colours[name]}">{name}</text>')
        parts.append(f'<text x="{left}" y="{height - 14}">recall@{TOP_K} → queries per second of processor time, one thread</text>')
    return "\n".join(parts + ["</svg>"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jade", required=True)
    parser.add_argument("--ours", default="none")
    parser.add_argument("--peers", default="hnswlib")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ef", default="10,16,24,32,48,64,96,128,192,256,384,512,768")
    parser.add_argument("--oversampling", default="2,4,8")
    parser.add_argument("--queries", type=int)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--keep")
    parser.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".build", "peers"))
    parser.add_argument("sets", nargs="+")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    sets = [compare(*item.split("=", 1), arguments) for item in arguments.sets]
    with open(os.path.join(arguments.out, "results.json"), "w") as file:
        json.dump({"m": M, "ef_construction": EF_CONSTRUCTION, "top_k": TOP_K, "sets": sets}, file, indent=1)
    with open(os.path.join(arguments.out, "results.svg"), "w") as file:
        file.write(svg(sets))
    print(markdown(sets))


if __name__ == "__main__":
    main()
