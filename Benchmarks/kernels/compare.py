#!/usr/bin/env python3
"""Times every distance kernel beside simsimd and numkong and beside what the machine allows; all sides take turns in one run.

usage: compare.py [--quick] [--family l2sq,dot] [--type f32,i8] [--dimension 128,768] [--pattern hot,gather] [--out FOLDER]

Writes kernels.jsonl (the machine, then a line for each case), kernels.md and kernels.svg into the folder. With --append the cases are
added to those that the folder has, for runs in several pieces.
"""
import argparse
import ctypes
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import cases
import chart
import limits
import machine
import native
import peers
import report
import rounds
import tiles

DIMENSIONS = (96, 128, 384, 768, 1536)
FORCED = {"avx2": "haswell"}
# A loop over shorter rows in the first-level cache spends its time on the loop.
LOOP_BYTES = 512


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True, help="libjadebench.so")
    parser.add_argument("--family", default="", help="families, with commas; all but ndot, which is dot with another sign")
    parser.add_argument("--type", default="", help="element types, with commas")
    parser.add_argument("--dimension", default=",".join(map(str, DIMENSIONS)))
    parser.add_argument("--pattern", default=",".join((*cases.PATTERNS, "tiles")))
    parser.add_argument("--quick", action="store_true", help="less than a minute: fewer rounds, the best level and avx2 only")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--microseconds", type=float, default=600, help="processor time of a sample")
    parser.add_argument("--megabytes", type=int, default=600, help="memory for rows that are not in a cache")
    parser.add_argument("--out", required=True)
    parser.add_argument("--append", action="store_true")
    found = parser.parse_args()
    if found.quick:
        found.rounds, found.microseconds = 5, 300
    return found


def wanted_kernels(lib, options):
    families = options.family.split(",") if options.family else []
    types = options.type.split(",") if options.type else []
    for kernel in sorted(lib.distances(), key=lambda k: k.rpartition("_")[2]):
        family, _, element = kernel.rpartition("_")
        if cases.row_bytes(kernel, 8) is None:
            print(f"{kernel}: rows of type {element} are not known here", file=sys.stderr)
        elif (family in families if families else family != "ndot") and (not types or element in types):
            yield kernel


def compared(figures, best, levels):
    """How many times as long as the best level everybody takes but our lower levels and the bare loads."""
    own = {f"jade/{level}" for level in levels}
    return {name: rounds.ratio(values, figures[best]) for name, values in figures.items() if name not in own and not name.startswith("loads/")}


def held(figures, origins):
    """Ratios of peers held to an instruction set to ours of that level, be it inherited by a higher one."""
    found = {}
    for level, name in FORCED.items():
        ours = next((side for side, origin in origins.items() if side.startswith("jade/") and origin == level), None)
        if ours:
            found[f"ratios_{level}"] = {side: rounds.ratio(values, figures[ours]) for side, values in figures.items() if side.endswith("/" + name)}
    return found


def describe_case(case, figures, levels):
    """What a line of the file holds."""
    best = f"jade/{levels[-1]}"
    loops = [name for name in figures if name.startswith("loads/")]
    load = min(loops, key=lambda name: rounds.summary(figures[name])["median"]) if loops else None
    entry = {
        "kernel": case.kernel, "dimension": case.dimension, "pattern": case.pattern, "row_bytes": case.row_bytes,
        "sides": {name: {"ns": rounds.summary(values)["median"], **({"from": case.origins[name]} if name in case.origins else {})}
                  for name, values in figures.items()},
        "ratios": compared(figures, best, levels),
    }
    arithmetic = case.limit.arithmetic(case.kernel, case.pattern, levels[-1], case.dimension)
    loads = entry["sides"][load]["ns"] if load else case.limit.pair(case)
    entry["limit"] = {"ns": max(arithmetic, loads), "of": "loads" if loads >= arithmetic else "arithmetic"}
    in_turns = load and loads >= arithmetic
    entry["part"] = rounds.ratio(figures[load], figures[best])["median"] if in_turns else entry["limit"]["ns"] / entry["sides"][best]["ns"]
    return rounds.rounded({**entry, **held(figures, case.origins)})


def describe_tiles(tile, figures, limit, level):
    """As a case, with the time of one pair."""
    best = f"jade/{level}"
    entry = {
        "kernel": tile.kernel, "dimension": tile.dimension, "pattern": "tiles", "row_bytes": tile.row_bytes,
        "sides": {name: {"ns": rounds.summary(values)["median"], "from": tile.origins[name]} for name, values in figures.items()},
        "ratios": compared(figures, best, limit.lib.levels),
    }
    nanoseconds = tile.dimension / limit.tiles(tile.kernel, level)
    entry["limit"] = {"ns": nanoseconds, "of": "arithmetic"}
    entry["part"] = nanoseconds / entry["sides"][best]["ns"]
    return rounds.rounded({**entry, **held(figures, tile.origins)})


def run_tiles(options, lib, memory, limit, libraries, write):
    levels = [level for level in lib.levels if level != "serial"] or list(lib.levels)
    peer = next(peer for peer in libraries if hasattr(peer, "packed"))
    types = options.type.split(",") if options.type else []
    for kernel in lib.tiles():
        if types and kernel.rpartition("_")[2] not in types:
            continue
        for dimension in map(int, options.dimension.split(",")):
            memory.fill(kernel, dimension)
            tile = tiles.Tile(lib, memory, kernel, dimension)
            tile.add_jade(levels)
            tile.add_peer(peer)
            tile.add_peer(peer, FORCED["avx2"])
            write(describe_tiles(tile, tile.measure(options.rounds, options.microseconds), limit, levels[-1]))
        print(f"{kernel} done", file=sys.stderr)


def run(options, lib, memory, limit, libraries, write):
    levels = list(lib.levels)
    if options.quick:
        levels = [level for level in levels if level in ("avx2", levels[-1])]
    patterns = options.pattern.split(",")
    if "tiles" in patterns and (not options.family or "tiles" in options.family.split(",")):
        run_tiles(options, lib, memory, limit, libraries, write)
        patterns.remove("tiles")
    for kernel in wanted_kernels(lib, options) if patterns else ():
        for dimension in map(int, options.dimension.split(",")):
            memory.fill(kernel, dimension)
            for pattern in patterns:
                case = cases.Case(lib, memory, libraries, limit, kernel, dimension, pattern)
                for name, (ours, theirs) in case.check().items() if pattern == "hot" else ():
                    print(f"{kernel} × {dimension}: {name} says {theirs}, jade {ours}", file=sys.stderr)
                case.add_jade(levels)
                case.add_peers(FORCED.get("avx2") if "avx2" in levels else None)
                if pattern != "hot" or case.row_bytes >= LOOP_BYTES:
                    case.add_loads([level for level in levels if level != "serial"] or levels)
                write(describe_case(case, case.measure(options.rounds, options.microseconds), levels))
        print(f"{kernel} done", file=sys.stderr)


def main():
    options = arguments()
    os.makedirs(options.out, exist_ok=True)
    lib = native.Native(options.library)
    memory = cases.Memory(lib, options.megabytes)
    memory.fill("l2sq_f32", 0)
    limit = limits.Limits(lib, memory)
    libraries = peers.all_peers()
    head = {
        "machine": machine.describe(lib.best), "peers": {peer.name: peer.version for peer in libraries}, "levels": list(lib.levels),
        "rounds": options.rounds, "sample_microseconds": options.microseconds, "megabytes": options.megabytes,
        "peaks": limit.peaks, "loads": limit.loads,
    }
    path = os.path.join(options.out, "kernels.jsonl")
    kept = [line for line in open(path)][1:] if options.append and os.path.exists(path) else []
    started = time.monotonic()
    with open(path, "w") as file:
        file.write(json.dumps(rounds.rounded(head)) + "\n")
        file.writelines(kept)
        run(options, lib, memory, limit, libraries, lambda entry: file.write(json.dumps(entry, separators=(",", ":")) + "\n"))
    print(f"measured in {time.monotonic() - started:.0f} s", file=sys.stderr)
    report.write(options.out)
    chart.write(options.out)


if __name__ == "__main__":
    main()
