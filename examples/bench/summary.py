"""Prints what was measured: for each figure and program the least, the median and the greatest value.

usage: summary.py FIGURES    lines with figure, unit, program, value; tab-separated
"""
import statistics
import sys


def shown(value):
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def main(path):
    figures = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            figure, unit, program, value = line.rstrip("\n").split("\t")
            figures.setdefault((figure, unit), {}).setdefault(program, []).append(float(value))
    print(f"{'':54} {'':12} {'min':>8} {'median':>8} {'max':>8}  runs")
    for (figure, unit), programs in figures.items():
        label = f"{figure}, {unit}"
        for program, values in programs.items():
            columns = (min(values), statistics.median(values), max(values))
            print(f"{label:54} {program:12} " + " ".join(f"{shown(c):>8}" for c in columns) + f"  {len(values)}")
            label = ""


if __name__ == "__main__":
    main(sys.argv[1])
