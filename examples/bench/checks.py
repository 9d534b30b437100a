"""Measures the health checks of vipd and keepalived in turn, in one run on one machine: 10,000 servers, each checked
once a second. `examples/lab/lab --host checks-speed ARGS` runs it. Neither programs a kernel table: vipd runs with
--dry-run, keepalived with a library that answers for IPVS.
"""
import argparse
import json
import os
import platform
import sys
import time

from blackout import load_average, version
from checks_parts import PARTS, Checks
from checks_rig import NICE, ChecksRig, compile_shim, favour
from summary import Figures

PROGRAMS = "vipd", "keepalived"


def words(known):
    def parse(text):
        chosen = list(known) if text == "all" else text.split(",")
        unknown = [word for word in chosen if word not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no {unknown[0]}; there are {', '.join(known)}")
        return chosen
    return parse


def hundreds(text):
    number = int(text)
    if number % 100 or not 100 <= number <= 10_000:
        raise argparse.ArgumentTypeError("whole hundreds, 100 to 10000")
    return number


def settings(arguments):
    parts = "\n".join(f"  {name:10} {part.__doc__}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(prog="lab --host checks-speed", description=__doc__, epilog="parts:\n" + parts,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=words(PARTS), default=list(PARTS), help="some of the parts below (all)")
    parser.add_argument("--programs", type=words(PROGRAMS), default=list(PROGRAMS), help="one of them only (both)")
    parser.add_argument("--runs", type=int, default=3, help="of each part (3)")
    parser.add_argument("--servers", type=hundreds, default=10_000, help="of all parts but latency (10000)")
    parser.add_argument("--deaths", type=int, default=20, help="latency: in each run (20)")
    parser.add_argument("--vipd", default=os.environ["VIPD"], help="another image's bin/vipd")
    parser.add_argument("--limit", type=float, default=110, help="minutes until no more runs are begun (110)")
    return parser.parse_args(arguments)


def main(arguments):
    chosen = settings(arguments)
    chosen.began, chosen.failed = time.monotonic(), 0
    out = os.environ["LAB_OUT"]
    if "vipd" in chosen.programs and not os.access(chosen.vipd, os.X_OK):
        print(f"lab: {chosen.vipd} is missing: run 'make image' first")
        return 77
    commands = {"vipd": [chosen.vipd, "--version"], "keepalived": ["keepalived", "--version"]}
    machine = {program: version(commands[program]) for program in chosen.programs}
    machine |= {"kernel": platform.release(), "cpus": os.cpu_count(), "load_before": load_average(),
                "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    print("; ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    os.nice(NICE)
    favour(os.getpid())
    figures, complete = Figures(), True
    with ChecksRig(out, chosen.vipd, compile_shim(os.environ["LAB_TMP"])) as rig:
        bench = Checks(rig, chosen, figures)
        try:
            for bench.part in chosen.only:
                PARTS[bench.part](bench)
        except TimeoutError:
            complete = False
            print(f"stopped after the limit of {chosen.limit:g} minutes: the table is not complete", flush=True)
    machine |= {"load_after": load_average(), "complete": complete, "runs_without_figure": chosen.failed}
    with open(os.path.join(out, "checks-speed.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "settings": vars(chosen), "figures": list(figures.rows())}, file, indent=1)
    print(f"load average before {machine['load_before']}, after {machine['load_after']}; "
          f"runs without a figure: {chosen.failed}\n{figures.table()}")
    return 0 if complete and not chosen.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
