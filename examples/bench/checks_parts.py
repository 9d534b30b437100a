"""The parts of the benchmark of health checks: each takes the rig and the settings, and adds figures. Both programs take
turns within each run, so that whatever else the machine does falls on both."""
import math
import random
import statistics
import time

from checks_rig import CHECKER, JUDGED, Setup, connects, number_of
from kernel import within
from parts import Bench
from rig import NoFigure, pause, wait_until
from syns import Syns, intervals_ms, longest_gap_ms

NOMINAL_MS = 1000                        # delay_loop
# What each adds to an interval on purpose: vipd keeps to a grid, plus up to a tenth; keepalived waits as long after each.
JITTER_MS = {"vipd": 100, "keepalived": 0}
SETTLE_S = 20                            # warmup is over, and what compiles code as it runs has done so
CPU_S, WATCH_S, RESIDENT_AFTER_S = 10, 20, 60
PROBES_A_SECOND_MAX = 15_000
OUT_S_MAX = 15

# What is good, by figure.
CPU_US_WANTED = 60
LATE_P99_MS_WANTED, LATE_MS_WANTED = 10, 100
CHANGED_MS_WANTED = NOMINAL_MS + 100 + 100    # the last of all: its interval, the jitter, and a tenth of a second
STALL_MS_WANTED = 100
REACTION_MS_WANTED = 5


class Checks(Bench):
    def both(self, action):
        for number in range(1, self.settings.runs + 1):
            for program in self.settings.programs:
                self.run(f"{program}, run {number}", lambda: action(program))
                self.rig.end_run()
            self.say(f"{number} of {self.settings.runs}")

    def add(self, figure, unit, program, value, wanted=None):
        self.figures.add(f"{self.part}: {figure}", unit, program, value, wanted)

    def begin(self, program, setup, few=False, settle_s=SETTLE_S):
        checker = self.rig.begin(program, setup, few)
        pause(settle_s)
        checker.send(0)                  # or else it had ended
        return checker

    def setup(self, **kind):
        return Setup(services=self.settings.servers // 100, **kind)

    def intervals(self, program, found, servers):
        """Figures of the times between probes of the same server."""
        each = intervals_ms(found)
        unseen = [server for server in servers if len(each.get(number_of(server), ())) < WATCH_S / 2]
        every = sorted(ms for server in servers for ms in each.get(number_of(server), ()))
        if not every:
            raise NoFigure("no probe was seen")
        late = [max(0, ms - NOMINAL_MS - JITTER_MS[program]) for ms in every]
        for name, share, wanted in ("p50", 0.5, None), ("p99", 0.99, LATE_P99_MS_WANTED), ("most", 1, LATE_MS_WANTED):
            self.add(f"interval of a server, {name}", "ms", program, quantile(every, share))
            self.add(f"late beyond its own jitter, {name}", "ms", program, quantile(late, share), wanted)
        self.add("servers seldom or never probed", "", program, len(unseen), 0)


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def steady(bench, kind):
    setup = bench.setup(kind=kind)

    def once(program):
        checker = bench.begin(program, setup)
        began = time.monotonic() - SETTLE_S
        cpu, count, from_s = checker.cpu_seconds(), connects(), time.monotonic()
        pause(CPU_S)
        cpu, count, took_s = checker.cpu_seconds() - cpu, connects() - count, time.monotonic() - from_s
        wanted = len(setup.servers()) * took_s * 1000 / NOMINAL_MS
        if count < wanted / 2:
            raise NoFigure(f"{count} probes in {took_s:.1f} s, {wanted:.0f} were due")
        bench.add("CPU time of a probe", "us", program, cpu * 1e6 / count, CPU_US_WANTED)
        bench.add("probes missing of those due", "%", program, max(0, 100 * (1 - count / wanted)), 1)
        syns = Syns(CHECKER, PROBES_A_SECOND_MAX * WATCH_S)
        pause(WATCH_S)
        bench.intervals(program, syns.end(), setup.servers())
        if (lag_ms := checker.own_lag_ms()) is not None:
            bench.add("late by its own count, p99", "ms", program, lag_ms, LATE_P99_MS_WANTED)
        pause(began + RESIDENT_AFTER_S - time.monotonic())
        bench.add(f"resident memory after {RESIDENT_AFTER_S} s", "MiB", program, checker.resident_mib())
    bench.both(once)


def tcp(bench):
    """Connects to 10,000 servers that are well: CPU time, lateness, memory."""
    steady(bench, "tcp")


def http(bench):
    """The same with GET."""
    steady(bench, "http")


def blackhole(bench):
    """Each tenth server answers nothing at all: are the others checked in time?"""
    setup = bench.setup()

    def once(program):
        bench.begin(program, setup)
        bench.rig.silent(True)
        pause(5)
        syns = Syns(CHECKER, PROBES_A_SECOND_MAX * WATCH_S)
        pause(WATCH_S)
        bench.intervals(program, syns.end(), [server for server in setup.servers() if server.startswith("10.1.")])
    bench.both(once)


def refuse(bench):
    """All servers refuse from one moment on, and listen again: until the table has followed."""
    setup = bench.setup()
    count = len(setup.servers())

    def moved(program, checker, name, from_ns, offset, added):
        deadline, first = time.monotonic() + OUT_S_MAX, {}
        while len(first) < count and time.monotonic() < deadline:
            pause(0.5)                   # seldom, since to read a log takes time
            first = {}
            for ns, was_added, server in checker.changes(from_ns, offset):
                if was_added == added:
                    first.setdefault(server, (ns - from_ns) / 1e6)
        times = sorted(first.values()) + [math.inf] * (count - len(first))
        bench.add(f"first server {name}", "ms", program, times[0])
        bench.add(f"median server {name}", "ms", program, times[count // 2])
        bench.add(f"last server {name}", "ms", program, times[-1], CHANGED_MS_WANTED)

    def once(program):
        checker = bench.begin(program, setup)
        offset = checker.log_size()
        moved(program, checker, "out", bench.rig.serve_no_more(), offset, False)
        pause(3)
        offset = checker.log_size()
        moved(program, checker, "back", bench.rig.serve(), offset, True)
    bench.both(once)


def reload(bench):
    """SIGHUP with nothing changed, one weight changed, and all but one virtual server gone."""
    whole = bench.setup()
    steps = ("nothing changed", whole), ("one weight changed", bench.setup(weight=2)), ("one service left", Setup(services=1))

    def once(program):
        checker = bench.begin(program, whole)
        for name, after in steps:
            offset, count = checker.log_size(), len(after.servers())
            checker.write(after)
            syns = Syns(CHECKER, PROBES_A_SECOND_MAX * 30)
            pause(2)
            at_ns = time.monotonic_ns()
            checker.process.send_signal(1)
            done_ns = checker.reloaded(offset, count, 20)
            pause(3)
            numbers = {number_of(server) for server in after.servers()}
            found = [each for each in syns.end() if each[1] in numbers]
            bench.add(f"{name}, done after", "ms", program, (done_ns - at_ns) / 1e6)
            if after.services > 1:
                bench.add(f"{name}, longest time without a probe", "ms", program, longest_gap_ms(found), STALL_MS_WANTED)
            longest = max((max(each, default=math.inf) for each in intervals_ms(found).values()), default=math.inf)
            bench.add(f"{name}, longest interval of a server", "ms", program, longest,
                      NOMINAL_MS + JITTER_MS[program] + STALL_MS_WANTED)
            if after.services == 1:
                pause(3)
                bench.add(f"{name}, descriptors beyond its checks'", "", program, checker.descriptors() - count)
    bench.both(once)


def latency(bench):
    """One of 100 servers dies: until it is out of the table."""
    setup = Setup(services=1)

    def death(program, checker, server):
        offset = checker.log_size()
        pause(random.random())
        at_ns = bench.rig.few.close(server)
        wait_until(lambda: out_ns(checker, at_ns, offset, server), 5, f"{server} is out of the table")
        changed_ns = out_ns(checker, at_ns, offset, server)
        bench.add("death to the table's change", "ms", program, (changed_ns - at_ns) / 1e6, CHANGED_MS_WANTED)
        if program == "vipd":
            judged = [ns for ns, who, to in checker.told(JUDGED, offset) if who == server and to == "DOWN"]
            if judged:
                bench.add("verdict to the table's change", "ms", program, (changed_ns - judged[0]) / 1e6)
        bench.rig.few.open(server)
        return number_of(server), at_ns, changed_ns

    def once(program):
        checker = bench.begin(program, setup, few=True)
        syns = Syns(CHECKER, 300 * bench.settings.deaths)
        deaths = [death(program, checker, server) for server in random.sample(setup.servers(), bench.settings.deaths)]
        found = syns.end()
        for server, at_ns, changed_ns in deaths:
            failing = [ns for ns, to in found if to == server and at_ns <= ns <= changed_ns]
            if failing:
                bench.add("refused probe to the table's change", "ms", program, (changed_ns - failing[0]) / 1e6,
                          REACTION_MS_WANTED)
    bench.both(once)


def out_ns(checker, since_ns, offset, server):
    return next((ns for ns, added, who in checker.changes(since_ns, offset) if who == server and not added), None)


PARTS = {part.__name__: part for part in (tcp, http, blackhole, refuse, reload, latency)}
