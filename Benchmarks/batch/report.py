"""batch.jsonl as Markdown and as a picture."""
import json
import os

import machine

KINDS = {
    "exact": ("Exact search, all queries at once", "correct", "right answers"),
    "exact, faiss told SkylakeX": ("Exact search, faiss's OpenBLAS told to use AVX-512", "correct", "right answers"),
    "pq, all at once": ("4-bit product codes, fast scan, all queries at once", "recall", "recall@10"),
    "pq, one a call": ("4-bit product codes, fast scan, one query a call", "recall", "recall@10"),
    "pq8": ("8-bit product codes, look-ups", "recall", "recall@10"),
    "rabitq": ("RaBitQ, one bit a component unless more are named", "recall", "recall@10"),
}
COLOURS = {"faiss": "#b0562a", "OpenBLAS": "#8a8f98", "jade": "#0a7d5a"}


def read(folder):
    with open(os.path.join(folder, "batch.jsonl")) as file:
        head, *entries = map(json.loads, file)
    latest = {(e["kind"], e["set"]): e for e in entries}
    return head, list(latest.values())


def shown(ratio):
    return f"{ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})"


def rows_of(entry, column):
    quality = entry.get(column, {})
    for side, seconds in entry["seconds"].items():
        rate = entry["queries"] / seconds["median"]
        ratio = shown(entry["ratios"][side]) if side in entry["ratios"] else "1"
        products = entry.get("to_products", {}).get(side)
        yield side, rate, ratio, shown(products) if products else "–", f"{quality[side]:.4f}" if side in quality else "–"


def table(entries, kind):
    title, column, label = KINDS[kind]
    exact = kind.startswith("exact")
    head = ["set", "side", "queries a CPU second", "times faiss" if not exact else "times faiss Flat"] + (["times the products alone"] if exact else []) + [label]
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for entry in entries:
        if entry["kind"] != kind:
            continue
        name = f"{entry['set']} ({entry['rows']:,} × {entry['dimension']}, {entry['metric']}, {entry['queries']:,} queries)"
        for side, rate, ratio, products, quality in rows_of(entry, column):
            cells = [name, side, f"{rate:,.0f}", ratio] + ([products] if exact else []) + [quality]
            lines.append("| " + " | ".join(cells) + " |")
            name = ""
    return lines + [""]


def bar(x, y, width, side, text):
    colour = next(value for name, value in COLOURS.items() if side.startswith(name))
    return (f"<rect x='{x}' y='{y}' width='{max(width, 1):.1f}' height='17' rx='2' fill='{colour}'/>"
            f"<text x='{x + width + 6:.1f}' y='{y + 13}' font-size='11' fill='#333'>{text}</text>")


def draw(head, entries):
    """Bars of queries a second, each set and kind on a scale of its own."""
    left, scale, line = 190, 420, 21
    parts, y = [], 76
    for entry in sorted(entries, key=lambda e: list(KINDS).index(e["kind"])):
        fastest = max(entry["queries"] / seconds["median"] for seconds in entry["seconds"].values())
        title = f"{KINDS[entry['kind']][0]}: {entry['set']} ({entry['rows']:,} × {entry['dimension']})"
        parts.append(f"<text x='16' y='{y + 4}' font-size='13' font-weight='bold' fill='#222'>{title}</text>")
        y += 12
        for side, rate, ratio, _, _ in rows_of(entry, ""):
            parts.append(f"<text x='{left - 8}' y='{y + 13}' font-size='12' text-anchor='end' fill='#222'>{side}</text>")
            times = f" · {ratio.split()[0]} ×" if side in entry["ratios"] else ""
            parts.append(bar(left, y, rate / fastest * scale, side, f"{rate:,.0f}{times}"))
            y += line
        y += 26
    top = (f"<svg xmlns='http://www.w3.org/2000/svg' width='800' height='{y}' viewBox='0 0 800 {y}' font-family='Helvetica,Arial,DejaVu Sans,sans-serif'>"
           f"<rect width='100%' height='100%' fill='#fff'/><text x='16' y='26' font-size='15' font-weight='bold' fill='#222'>"
           f"Queries a CPU second, one thread</text><text x='16' y='44' font-size='12' fill='#777'>{machine.title(head['machine'])}</text>")
    return "\n".join([top, *parts, "</svg>\n"])


def write(folder):
    head, entries = read(folder)
    lines = [
        "# Batch search beside faiss and OpenBLAS", "", machine.title(head["machine"]) + f"; faiss {head['faiss']} ({head['faiss_options'].strip()}).", "",
        f"One thread, processor time, {head['rounds']} rounds in which all sides take turns; top {head['top_k']}. Ratios are medians over the rounds with the "
        f"quartiles in brackets: how many times as long the other takes. faiss's own OpenBLAS computes for {head['faiss_core']}, unless it is told otherwise; "
        "that of the distribution is told to use AVX-512 where there is any. The products alone are what `sgemm` takes for every query with every row, with no distances and no selection.", "",
        "![Queries a second](batch.svg)", "",
    ]
    for kind in KINDS:
        if any(e["kind"] == kind for e in entries):
            lines += table(entries, kind)
    with open(os.path.join(folder, "batch.md"), "w") as file:
        file.write("\n".join(lines))
    with open(os.path.join(folder, "batch.svg"), "w") as file:
        file.write(draw(head, entries))
    print("\n".join(lines[8:]))
