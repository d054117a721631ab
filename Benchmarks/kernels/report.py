"""kernels.jsonl as Markdown."""
import json
import math
import os

import machine
import rounds

PEERS = ("simsimd", "numkong")
ORDER = ("f32", "f16", "bf16", "i8", "u8", "b1", "sq8", "sq4")
PATTERN_TITLES = {
    "hot": "One to one, in the first-level cache",
    "cached": "One to many, in the second-level cache",
    "sequential": "One to many, from memory in order",
    "gather": "Random ordinals in memory",
    "tiles": "Many to many, 256 queries and 256 rows in the caches",
}


def read(folder):
    with open(os.path.join(folder, "kernels.jsonl")) as file:
        head, *entries = map(json.loads, file)
    latest = {(e["kernel"], e["dimension"], e["pattern"]): e for e in entries}
    return head, list(latest.values())


def ours(entry):
    """The figures of the highest level."""
    return next(side for name, side in entry["sides"].items() if name.startswith("jade/"))


def faster_peer(entry, ratios="ratios", suffix=""):
    """The peer that is hardest to beat, and the ratio to it; None where neither has the kernel."""
    found = {name: entry.get(ratios, {}).get(name + suffix) for name in PEERS}
    found = {name: ratio for name, ratio in found.items() if ratio}
    return min(found.items(), key=lambda item: item[1]["median"]) if found else None


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def shown(ratio):
    return f"{ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})"


def nanoseconds(side):
    return f"{side['ns']:.4g}" if side else "–"


def summary(entries, ratios="ratios", suffix=""):
    """A row for each element type, a column for each pattern: the geometric mean over families and dimensions, and the lowest ratio."""
    patterns = [p for p in PATTERN_TITLES if any(e["pattern"] == p for e in entries)]
    lines = ["| type | " + " | ".join(patterns) + " |", "|" + "---|" * (len(patterns) + 1)]
    for element in sorted({e["kernel"].rpartition("_")[2] for e in entries}, key=ORDER.index):
        cells = []
        for pattern in patterns:
            found = [faster_peer(e, ratios, suffix) for e in entries if e["pattern"] == pattern and e["kernel"].endswith("_" + element)]
            values = [peer[1]["median"] for peer in found if peer]
            cells.append(f"{geometric_mean(values):.2f} ({min(values):.2f})" if values else "–")
        if any(cell != "–" for cell in cells):
            lines.append(f"| {element} | " + " | ".join(cells) + " |")
    return lines


def losses(entries):
    found = []
    for entry in entries:
        peer = faster_peer(entry)
        if peer and peer[1]["median"] < 1:
            found.append((peer[1]["median"], f"`{entry['kernel']}` × {entry['dimension']} {entry['pattern']}: {shown(peer[1])} {peer[0]}"))
    return ["- " + text for _, text in sorted(found)] or ["None."]


def beyond(entries):
    """Figures that the machine cannot have: errors of measuring."""
    return [f"- `{e['kernel']}` × {e['dimension']} {e['pattern']}: {e['part']:.2f} of the limit" for e in entries if e["part"] > 1.05] or ["None."]


def cells(entry):
    peer = faster_peer(entry)
    return [
        f"`{entry['kernel']}`", str(entry["dimension"]), nanoseconds(ours(entry)), *(nanoseconds(entry["sides"].get(n)) for n in PEERS),
        shown(peer[1]) if peer else "–", f"{100 * entry['part']:.0f} % ({entry['limit']['of']})",
    ]


def gather_cells(entry):
    ratios = entry["ratios"]
    held = faster_peer(entry, suffix="/prefetching")
    return [f"{ratios['jade/one by one']['median']:.2f}", f"{1 / ratios['jade/by 32']['median']:.2f}", f"{held[1]['median']:.2f}" if held else "–"]


def table(entries, pattern):
    columns = ["kernel", "dimension", "ns a row", *PEERS, "faster peer / ours", "of the limit"]
    if pattern == "gather":
        columns += ["our calls one by one / ours", "ours / by 32", "peer prefetching 4 ahead / ours"]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for entry in entries:
        if entry["pattern"] == pattern:
            row = cells(entry) + (gather_cells(entry) if pattern == "gather" else [])
            lines.append("| " + " | ".join(row) + " |")
    return lines


def level_table(entries, levels):
    """Nanoseconds in the first-level cache, by level; a dash where a level inherits."""
    lines = ["| kernel | dimension | " + " | ".join(levels) + " |", "|" + "---|" * (len(levels) + 2)]
    for entry in entries:
        if entry["pattern"] == "hot":
            values = [nanoseconds(entry["sides"].get(f"jade/{level}")) for level in levels]
            lines.append(f"| `{entry['kernel']}` | {entry['dimension']} | " + " | ".join(values) + " |")
    return lines


def limits_table(head):
    lines = ["| loads of | " + " | ".join(next(iter(head["loads"].values()))) + " |", "|---|" + "---|" * 4]
    for width, places in head["loads"].items():
        lines.append(f"| {width} bytes | " + " | ".join(f"{speed:.3g} GB/s" for speed in places.values()) + " |")
    names = {"amx_i8": "bytes with AMX", "amx_bf16": "bf16 with AMX", "fma": "f32", "fma_avx2": "f32 with AVX2", "vnni": "bytes with VNNI", "bf16": "bf16", "popcount": "counted bits"}
    return lines + ["", "| arithmetic on registers, billions a second | |", "|---|---|"] + [
        f"| {names.get(name, name)} | {peak:.4g} |" for name, peak in head["peaks"].items()]


def write(folder):
    head, entries = read(folder)
    versions = ", ".join(f"{name} {version}" for name, version in head["peers"].items())
    lines = [
        "# Kernels beside simsimd and numkong", "", machine.title(head["machine"]) + f"; {versions}.", "",
        f"One thread, processor time, {head['rounds']} rounds in which all sides take turns, samples of {head['sample_microseconds']:.0f} µs, "
        f"{head['megabytes']} MB of rows for memory. Ratios are medians over the rounds with the quartiles in brackets: above 1 ours is faster.",
        "A ratio is to the faster of the two peers at the level that each chooses by itself. The limit is what a loop that only loads the same rows "
        "takes in the same rounds, or the arithmetic if that takes longer.", "",
        "![Ratios and parts of the limit](kernels.svg)", "", "## In short", "", "Geometric means over families and dimensions, the lowest of them in brackets.", "",
        *summary(entries), "",
        "Held to AVX2, beside the peers' Haswell functions:", "", *summary(entries, "ratios_avx2", "/haswell"), "",
        "Where a peer is faster:", "", *losses(entries), "", "Beyond the limit, so measured wrongly:", "", *beyond(entries), "",
        "## The machine", "", *limits_table(head),
    ]
    for pattern, title in PATTERN_TITLES.items():
        if any(e["pattern"] == pattern for e in entries):
            lines += ["", f"## {title}", "", *table(entries, pattern)]
    lines += ["", "## Levels, in the first-level cache", "", *level_table(entries, head["levels"])]
    with open(os.path.join(folder, "kernels.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(summary(entries)))
