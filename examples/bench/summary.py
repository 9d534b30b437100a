"""Prints what was measured: for each figure and program the least, the median and the greatest value, and how the median
compares with keepalived's.

usage: summary.py FIGURES    lines with figure, unit, program, value; tab-separated
"""
import collections
import statistics
import sys

PEER = "keepalived"


class Figures:
    """Values by figure and program, in the order in which figures first came."""

    def __init__(self):
        self.values = {}                 # (figure, unit): {program: [value]}
        self.wanted = {}                 # (figure, unit): greatest value that is good

    def add(self, figure, unit, program, value, wanted=None):
        """A value; infinite where what is measured never came."""
        self.values.setdefault((figure, unit), {}).setdefault(program, []).append(float(value))
        if wanted is not None:
            self.wanted[figure, unit] = wanted

    def rows(self):
        """One row for each figure and program, as what is written to JSON."""
        for (figure, unit), programs in self.values.items():
            peer = statistics.median(programs[PEER]) if PEER in programs else None
            for program, values in programs.items():
                median = statistics.median(values)
                wanted = None if program == PEER else self.wanted.get((figure, unit))
                yield collections.OrderedDict(
                    figure=figure, unit=unit, program=program, min=min(values), median=median, max=max(values),
                    runs=len(values), values=values, ratio=ratio(median, peer) if program != PEER else None,
                    wanted=wanted, good=None if wanted is None else sum(value <= wanted for value in values))

    def table(self):
        lines = [f"{'':54} {'':15} {'min':>8} {'median':>8} {'max':>8} {'runs':>4} {'of peer':>8}  wanted, met by"]
        before = None
        for row in self.rows():
            label = f"{row['figure']}, {row['unit']}" if before != (row["figure"], row["unit"]) else ""
            before = row["figure"], row["unit"]
            peer = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
            wanted = "" if row["wanted"] is None else f"  <= {shown(row['wanted'])}: {row['good']} of {row['runs']}"
            columns = " ".join(f"{shown(row[key]):>8}" for key in ("min", "median", "max"))
            lines.append(f"{label:54} {row['program']:15} {columns} {row['runs']:>4} {peer:>8}{wanted}".rstrip())
        return "\n".join(lines)


def ratio(value, peer):
    return None if not peer or peer == float("inf") else value / peer


def shown(value):
    return "never" if value == float("inf") else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def main(path):
    figures = Figures()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            figures.add(*line.rstrip("\n").split("\t"))
    print(figures.table())


if __name__ == "__main__":
    main(sys.argv[1])
