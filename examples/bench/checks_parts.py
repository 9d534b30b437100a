"""The parts of the benchmark of health checks: each takes the rig and the settings, and adds figures. Both programs
take turns within each run, so that whatever else the machine does falls on both."""
import math
import os
import random
import signal
import time

from checks_rig import CHECKER, JUDGED, Setup, connects, number_of
from parts import Bench
from rig import NoFigure, TICKS, pause, wait_until
from syns import Syns, intervals_ms, longest_gap_ms

NOMINAL_MS = 1000                        # delay_loop
# What each adds on purpose: vipd keeps to a grid, plus up to a tenth; keepalived waits for delay_loop after each probe.
JITTER_MS = {"vipd": 100, "keepalived": 0}
SETTLE_S = 20                            # warmup is over, and what compiles code as it runs has done so
CPU_S, WATCH_S, RESIDENT_AFTER_S = 10, 20, 60
PROBES_A_SECOND_MAX = 15_000
OUT_S_MAX = 15
RELOAD_S_MAX = 60                        # keepalived compares each service with each: some ten seconds of CPU time

# What is good, by figure.
LATE_P99_MS_WANTED, LATE_MS_WANTED = 10, 100
CHANGED_MS_WANTED = NOMINAL_MS + 100 + 100    # the last of all: its interval, the jitter, and a tenth of a second
STALL_MS_WANTED = 100
REACTION_MS_WANTED = 5
DESCRIPTORS_WANTED = 100                 # besides one for each check


class Checks(Bench):
    def both(self, action):
        for number in range(1, self.settings.runs + 1):
            for program in self.settings.programs:
                self.run(f"{program}, run {number}", lambda: action(program))
                self.rig.end_run()
            self.say(f"{number} of {self.settings.runs}")

    def add(self, figure, unit, program, value, wanted=None):
        self.figures.add(f"{self.part}: {figure}", unit, program, value, wanted)

    def begin(self, program, setup, **how):
        checker = self.rig.begin(program, setup, **how)
        pause(SETTLE_S)
        checker.send(0)                  # or else it had ended
        return checker

    def setup(self, **kind):
        return Setup(services=self.settings.servers // 100, **kind)

    def intervals(self, program, servers, name="", during=lambda: None):
        """Watches for a while, with `during` at its begin; figures of the times between probes of the same server. One
        that was not probed again counts with the time that it had waited at the end, once that is late already."""
        syns, from_ns = Syns(CHECKER, PROBES_A_SECOND_MAX * WATCH_S), time.monotonic_ns()
        during()
        pause(WATCH_S)
        to_ns, found = time.monotonic_ns(), syns.end()
        each, last = intervals_ms(found), {server: ns for ns, server in found}
        numbers = [number_of(server) for server in servers]
        waited = [(to_ns - last.get(number, from_ns)) / 1e6 for number in numbers]
        every = sorted([ms for number in numbers for ms in each.get(number, ())] +
                       [ms for ms in waited if ms > NOMINAL_MS + JITTER_MS[program]])
        unseen = [number for number in numbers if len(each.get(number, ())) < WATCH_S / 2]
        for which, share, wanted in ("p50", 0.5, None), ("p99", 0.99, LATE_P99_MS_WANTED), ("most", 1, LATE_MS_WANTED):
            self.add(f"{name}interval of a server, {which}", "ms", program, quantile(every, share))
            late = max(0, quantile(every, share) - undisturbed_ms(program, share))
            self.add(f"{name}  of it late, {which}", "ms", program, late, wanted)
        self.add(f"{name}servers seldom or never probed", "", program, len(unseen), 0)


def undisturbed_ms(program, share):
    """The quantile, from the median up, of intervals where no probe is late. Two jitters, each even between 0 and
    JITTER_MS, differ by a triangular distribution. What is more than this is lateness, alike for both programs; of one
    interval alone that could not be told."""
    return NOMINAL_MS + JITTER_MS[program] * (1 - math.sqrt(2 * (1 - share)))


def busy_seconds():
    """CPU time that the whole machine has used."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def steady(bench, kind):
    setup = bench.setup(kind=kind)

    def once(program):
        checker = bench.begin(program, setup)
        began = time.monotonic() - SETTLE_S
        cpu, busy, count, from_s = checker.cpu_seconds(), busy_seconds(), connects(), time.monotonic()
        pause(CPU_S)
        cpu, busy, count = checker.cpu_seconds() - cpu, busy_seconds() - busy, connects() - count
        took_s = time.monotonic() - from_s
        wanted = len(setup.servers()) * took_s * 1000 / NOMINAL_MS
        if count < wanted / 2:
            raise NoFigure(f"{count} probes in {took_s:.1f} s, {wanted:.0f} were due")
        bench.add("CPU time of a probe", "us", program, cpu * 1e6 / count)
        bench.add("CPUs busy, with servers and all else", "%", program, 100 * busy / took_s / os.cpu_count())
        bench.add("probes missing of those due", "%", program, max(0, 100 * (1 - count / wanted)), 1)
        bench.intervals(program, setup.servers())
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
    """Each tenth server answers nothing, from the start or from one moment on: are the others checked in time?"""
    setup = bench.setup()
    others = [server for server in setup.servers() if server.startswith("10.1.")]

    def once(program):
        bench.begin(program, setup, silent=True)
        bench.intervals(program, others, "from start, ")
        bench.begin(program, setup)
        # Up to 2.3.1 keepalived closes with SO_LINGER: for each connection that was open it stands still for 5 s.
        bench.intervals(program, others, "at once, ", during=lambda: bench.rig.silent(True))
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
    steps = (("nothing changed", whole), ("one weight changed", bench.setup(weight=2)),
             ("one service left", Setup(services=1)))

    def once(program):
        checker = bench.begin(program, whole)
        for name, after in steps:
            offset, count = checker.log_size(), len(after.servers())
            checker.write(after)
            syns = Syns(CHECKER, PROBES_A_SECOND_MAX * 30)
            pause(2)
            at_ns = time.monotonic_ns()
            checker.process.send_signal(signal.SIGHUP)
            done_ns = checker.reloaded(offset, count, RELOAD_S_MAX)
            pause(3)
            numbers = {number_of(server) for server in after.servers()}
            found = [each for each in syns.end() if each[1] in numbers]
            bench.add(f"{name}, done after", "ms", program, (done_ns - at_ns) / 1e6)
            if after.services > 1:
                bench.add(f"{name}, longest time without a probe", "ms", program, longest_gap_ms(found),
                          STALL_MS_WANTED)
            longest = max((max(each, default=math.inf) for each in intervals_ms(found).values()), default=math.inf)
            bench.add(f"{name}, longest interval of a server", "ms", program, longest,
                      NOMINAL_MS + JITTER_MS[program] + STALL_MS_WANTED)
            if after.services == 1:
                pause(3)
                bench.add(f"{name}, descriptors open", "", program, checker.descriptors(), DESCRIPTORS_WANTED + count)
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
