"""kernels.jsonl as a picture: how many times faster than the faster peer, and what part of the machine's limit."""
import json
import math
import os

import machine
import report

CELL_WIDTH, CELL_HEIGHT, LABEL, GAP = 46, 22, 120, 18
TOP = 104
FONT = "font-family='Helvetica,Arial,DejaVu Sans,sans-serif'"


def mix(low, high, part):
    part = max(0.0, min(1.0, part))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(low, high))


def ratio_colour(value):
    """White at 1, green above, red below, on a logarithmic scale."""
    if value >= 1:
        return mix((247, 250, 248), (10, 125, 90), math.log(value) / math.log(4))
    return mix((252, 244, 240), (190, 60, 40), -math.log(value) / math.log(2))


def part_colour(value):
    return mix((250, 250, 252), (52, 90, 160), (value - 0.2) / 0.9)


def ink(colour):
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return "#fff" if 0.3 * red + 0.59 * green + 0.11 * blue < 140 else "#222"


def cell(x, y, text, colour):
    return (f"<rect x='{x}' y='{y}' width='{CELL_WIDTH - 1}' height='{CELL_HEIGHT - 1}' rx='2' fill='{colour}'/>"
            f"<text x='{x + CELL_WIDTH / 2 - 0.5}' y='{y + 15}' text-anchor='middle' font-size='11' fill='{ink(colour)}'>{text}</text>")


def label(x, y, text, size=12, anchor="start", colour="#222", weight="normal"):
    return f"<text x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}' fill='{colour}' font-weight='{weight}'>{text}</text>"


def panel(left, top, title, entries, kernels, dimensions, patterns, value, colour, form):
    """One heat map: kernels downwards, patterns and dimensions to the right."""
    parts = [label(left, top - 50, title, 14, weight="bold")]
    found = {(e["kernel"], e["pattern"], e["dimension"]): value(e) for e in entries}
    for number, pattern in enumerate(patterns):
        x = left + number * (CELL_WIDTH * len(dimensions) + GAP)
        parts.append(label(x, top - 26, pattern, 12))
        for column, dimension in enumerate(dimensions):
            parts.append(label(x + column * CELL_WIDTH + CELL_WIDTH / 2, top - 8, dimension, 10, "middle", "#777"))
            for row, kernel in enumerate(kernels):
                figure = found.get((kernel, pattern, dimension))
                place = (x + column * CELL_WIDTH, top + row * CELL_HEIGHT)
                parts.append(cell(*place, "·", "#f4f4f4") if figure is None else cell(*place, form(figure), colour(figure)))
    for row, kernel in enumerate(kernels):
        family, _, element = kernel.rpartition("_")
        parts.append(label(left - 10, top + row * CELL_HEIGHT + 15, f"{family} {element}", 12, "end"))
    return parts


def ordered(entries):
    """Kernels by element type, then by family."""
    kernels = dict.fromkeys(e["kernel"] for e in entries)
    return sorted(kernels, key=lambda k: report.ORDER.index(k.rpartition("_")[2]))


def draw(head, entries):
    entries = [entry for entry in entries if entry["pattern"] != "tiles"]
    kernels = ordered(entries)
    dimensions = sorted({e["dimension"] for e in entries})
    patterns = [p for p in report.PATTERN_TITLES if any(e["pattern"] == p for e in entries)]
    width = LABEL + len(patterns) * (CELL_WIDTH * len(dimensions) + GAP) + 12
    second = TOP + len(kernels) * CELL_HEIGHT + 84
    height = second + len(kernels) * CELL_HEIGHT + 36

    def beside(entry):
        peer = report.faster_peer(entry)
        return peer[1]["median"] if peer else None

    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' {FONT}>",
        "<rect width='100%' height='100%' fill='#fff'/>", label(16, 28, "Distance kernels: " + machine.title(head["machine"]), 16, weight="bold"),
    ]
    shared = (entries, kernels, dimensions, patterns)
    parts += panel(LABEL, TOP, "Times as fast as the faster of simsimd and numkong", *shared, beside, ratio_colour, lambda v: f"{v:.2f}" if v < 9.95 else f"{v:.0f}")
    parts += panel(LABEL, second, "Part of what the machine allows, %", *shared, lambda e: e["part"], part_colour, lambda v: f"{100 * v:.0f}")
    parts.append(label(LABEL, height - 12, "columns: dimension · medians of interleaved rounds · a dot: neither peer has the kernel", 11, colour="#777"))
    return "\n".join(parts + ["</svg>\n"])


def write(folder):
    with open(os.path.join(folder, "kernels.svg"), "w") as file:
        file.write(draw(*report.read(folder)))
