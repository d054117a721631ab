"""Taking turns, and what is said of many turns."""
import statistics


def summary(values):
    """Median and the quartiles around it."""
    values = sorted(values)
    if len(values) < 3:
        return {"median": statistics.median(values), "low": values[0], "high": values[-1]}
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def take_turns(sides, rounds):
    """Calls every side once a round, in turning order so that none is always first; a list of figures for each."""
    names = list(sides)
    figures = {name: [] for name in names}
    for number in range(rounds):
        turn = names[number % len(names):] + names[:number % len(names)]
        for name in turn if number % 2 == 0 else reversed(turn):
            figures[name].append(sides[name]())
    return figures


def ratio(theirs, ours):
    """How many times as long theirs takes, round by round."""
    return summary([a / b for a, b in zip(theirs, ours)])


def rounded(value, digits=4):
    """Numbers with so many significant digits, for files."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    return [rounded(item, digits) for item in value] if isinstance(value, (list, tuple)) else value
