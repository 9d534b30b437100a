"""Measures vipd and keepalived in turn, in one run on one machine: how long a client that asks the VIP each millisecond
goes without an answer, and what else a failover is judged by. `examples/lab/lab --host blackout ARGS` runs it.
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import time

from parts import AT_AN_INTERVAL, OTHERS, Bench
from probe import real_time
from rig import Rig
from summary import Figures

WATCHER_PRIORITY = 30                    # above the directors, below the client
ALL = [*AT_AN_INTERVAL, *OTHERS]


def numbers(kind):
    return lambda text: [kind(number) for number in text.split(",")]


def words(text):
    chosen = ALL if text == "all" else text.split(",")
    unknown = [word for word in chosen if word not in ALL]
    if unknown:
        raise argparse.ArgumentTypeError(f"no part {unknown[0]}; there are {', '.join(ALL)}")
    return chosen


def settings(arguments):
    parts = "\n".join(f"  {name:10} {part.__doc__}" for name, part in {**AT_AN_INTERVAL, **OTHERS}.items())
    parser = argparse.ArgumentParser(prog="lab --host blackout", description=__doc__, epilog="parts:\n" + parts,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=words, default=ALL, help="some of the parts below (all)")
    parser.add_argument("--runs", type=int, default=20, help="of each part but load and many (20)")
    parser.add_argument("--intervals", type=numbers(int), default=[1000, 100, 10], help="advert_int, ms (1000,100,10)")
    parser.add_argument("--spinning", type=numbers(int), default=[4, 16], help="load: processes that spin (4,16)")
    parser.add_argument("--load-intervals", type=numbers(int), default=[100, 20], help="load: advert_int, ms (100,20)")
    parser.add_argument("--load-minutes", type=float, default=5, help="load: how long each (5)")
    parser.add_argument("--many-runs", type=int, default=3, help="many: runs (3)")
    parser.add_argument("--cpu-seconds", type=int, default=60, help="many: CPU time is taken over (60)")
    parser.add_argument("--limit", type=float, default=240, help="minutes until no more runs are begun (240)")
    return parser.parse_args(arguments)


def version(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.partition("\n")[0]


def load_average():
    with open("/proc/loadavg", encoding="ascii") as file:
        return " ".join(file.read().split()[:3])


def measure(bench, parts, intervals):
    for name in parts:
        bench.part = name
        if name in OTHERS:
            OTHERS[name](bench)
        else:
            for interval_ms in intervals:
                AT_AN_INTERVAL[name](bench, interval_ms)


def main(arguments):
    chosen = settings(arguments)
    chosen.began, chosen.failed = time.monotonic(), 0
    vipd, out = os.environ["VIPD"], os.environ["LAB_OUT"]
    figures = Figures()
    machine = {"vipd": version([vipd, "--version"]), "keepalived": version(["keepalived", "--version"]),
               "kernel": platform.release(), "cpus": os.cpu_count(), "load_before": load_average(),
               "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    print("; ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    real_time(WATCHER_PRIORITY)
    complete = True
    with Rig(out, vipd) as rig:
        try:
            measure(Bench(rig, chosen, figures), chosen.parts, chosen.intervals)
        except TimeoutError:
            complete = False
            print(f"stopped after the limit of {chosen.limit:g} minutes: the table is not complete", flush=True)
    machine |= {"load_after": load_average(), "complete": complete, "runs_without_figure": chosen.failed}
    with open(os.path.join(out, "blackout.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "settings": vars(chosen), "figures": list(figures.rows())}, file, indent=1)
    print(f"load average before {machine['load_before']}, after {machine['load_after']}; "
          f"runs without a figure: {chosen.failed}\n{figures.table()}")
    return 0 if complete and not chosen.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
