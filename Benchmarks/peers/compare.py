#!/usr/bin/env python3
"""Lets jadevectordb and hnswlib take turns on the same vectors and writes what came out as Markdown, JSON and SVG.

usage: compare.py --jade PROGRAM [--rounds N] [--ef N,N,…] [--seconds S] [--out FOLDER] NAME=BASE,QUERIES,METRIC[,TRUTH] …

Files are .npy or .fvecs / .bvecs / .ivecs; the metric is euclidean, cosine or dot. One thread on both sides.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time

import hnswlib
import numpy as np

M, EF_CONSTRUCTION, TOP_K = 16, 200, 10
RECALLS = (0.90, 0.95, 0.99)
SPACES = {"euclidean": "l2", "cosine": "cosine", "dot": "ip"}


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

    name = "jadevectordb"

    def __init__(self, program, files, metric, arguments):
        command = [
            program, "bench", "index", "--base", files["base"], "--queries", files["queries"], "--truth", files["truth"],
            "--metric", metric, "--m", str(M), "--ef-construction", str(EF_CONSTRUCTION), "--ef", arguments.ef,
            "--threads", "1", "--top-k", str(TOP_K), "--rounds", str(arguments.rounds), "--seconds", str(arguments.seconds), "--paced",
        ]
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


class Hnswlib:
    name = "hnswlib"

    def __init__(self, base, queries, truth, metric, arguments):
        self.queries, self.truth, self.arguments = queries, truth, arguments
        self.index = hnswlib.Index(space=SPACES[metric], dim=base.shape[1])
        self.index.init_index(max_elements=len(base), M=M, ef_construction=EF_CONSTRUCTION, random_seed=1)
        self.index.set_num_threads(1)
        wall, cpu = time.perf_counter(), time.process_time()
        self.index.add_items(base, num_threads=1)
        self.build = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        self.bytes_per_vector = self.index.index_file_size() / len(base)

    def round(self):
        return [self.point(int(ef)) for ef in self.arguments.ef.split(",")]

    def point(self, ef):
        self.index.set_ef(max(ef, TOP_K))
        found, _ = self.index.knn_query(self.queries, k=TOP_K, num_threads=1)
        asked, wall, cpu = 0, time.perf_counter(), time.process_time()
        while asked == 0 or time.perf_counter() - wall < self.arguments.seconds:
            self.index.knn_query(self.queries, k=TOP_K, num_threads=1)
            asked += len(self.queries)
        return ef, recall(found, self.truth), asked / (time.perf_counter() - wall), asked / (time.process_time() - cpu)


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
    values = [v for v in (at_recall(points, wanted, column) for points in rounds) if v]
    if len(values) < len(rounds):
        return None
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def compare(name, spec, arguments):
    base_path, queries_path, metric, *truth_path = spec.split(",")
    base = np.ascontiguousarray(load(base_path), dtype=np.float32)
    queries = np.ascontiguousarray(load(queries_path), dtype=np.float32)
    truth = load(truth_path[0]) if truth_path else exact(base, queries, metric)
    truth_file = os.path.join(arguments.out, f"{name}.truth.npy")
    np.save(truth_file, np.ascontiguousarray(truth, dtype=np.int32))
    print(f"{name}: {base.shape[0]} × {base.shape[1]}, {metric}, building…", file=sys.stderr)
    files = {"base": base_path, "queries": queries_path, "truth": truth_file}
    sides = [Jade(arguments.jade, files, metric, arguments), Hnswlib(base, queries, truth, metric, arguments)]
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
    lines = [f"One thread, M={M}, ef_construction={EF_CONSTRUCTION}, top_k={TOP_K}; median (lowest–highest) over the rounds.", ""]
    lines += ["| set | recall@10 | | jadevectordb, queries/s | hnswlib, queries/s | |", "|---|---|---|---|---|---|"]
    for entry in sets:
        for wanted, sides in entry["at"].items():
            for label, key in (("by the clock", "clock"), ("of processor time", "cpu")):
                ours, theirs = sides["jadevectordb"][key], sides["hnswlib"][key]
                lines.append(f"| {entry['name']} | {wanted} | {label} | {shown(ours)} | {shown(theirs)} | {ratio(ours, theirs)} |")
    lines += ["", "| set | build, seconds (processor) | | bytes a vector | |", "|---|---|---|---|---|", "| | jadevectordb | hnswlib | jadevectordb | hnswlib |"]
    for entry in sets:
        build = [f"{entry['build'][n]['wall']:.1f} ({entry['build'][n]['cpu']:.1f})" for n in ("jadevectordb", "hnswlib")]
        size = [f"{entry['bytes_per_vector'][n]:.0f}" for n in ("jadevectordb", "hnswlib")]
        lines.append(f"| {entry['name']} | {' | '.join(build + size)} |")
    return "\n".join(lines)


def median_curve(rounds):
    """Recall and the median queries per second of processor time of each ef."""
    return [(points[0][1], statistics.median(p[3] for p in points)) for points in zip(*rounds)]


def svg(sets):
    """A panel for each set: recall to the right, queries per second of processor time upwards, logarithmic."""
    width, height, pad = 420, 320, 56
    colours = {"jadevectordb": "#0a7d5a", "hnswlib": "#b0562a"}
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * len(sets)}" height="{height}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="white"/>']
    for number, entry in enumerate(sets):
        curves = {name: [p for p in median_curve(rounds) if p[0] >= 0.8] for name, rounds in entry["rounds"].items()}
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
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ef", default="10,16,24,32,48,64,96,128,192,256,384,512,768")
    parser.add_argument("--seconds", type=float, default=0.5)
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
