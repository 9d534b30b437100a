"""The parts of the benchmark: each takes the rig and the settings, and adds figures. A part that needs many runs does them
with both programs in turn, so that whatever else the machine does falls on both."""
import math
import signal
import time

from kernel import first_arp_ns
from rig import NoFigure, VIP, instances, pause, skew_ms, wait_until

PAIRS = ("vipd", "vipd"), ("keepalived", "keepalived")
MIXED = "vipd", "keepalived"
RESTART_SECONDS = 0.1                    # systemd's RestartSec, unless told otherwise
STOPPED_SECONDS = 5
GONE_SECONDS_MAX = 8
RUNS_A_PAIR = 5                          # of what leaves the pair as it was


def label(programs):
    return programs[0] if programs[0] == programs[1] else f"{programs[0]}, {programs[1]}"


def down_ms(interval_ms):
    return 3 * interval_ms + skew_ms("lb2", interval_ms)


def patience(interval_ms):
    """Longer than any election, in seconds."""
    return 10 + 8 * interval_ms / 1000


class Bench:
    """What all parts need."""

    def __init__(self, rig, settings, figures):
        self.rig, self.settings, self.figures = rig, settings, figures
        self.part = ""

    def say(self, text):
        print(f"[{time.monotonic() - self.settings.began:7.1f}s] {self.part}: {text}", flush=True)

    def run(self, text, action):
        """One run. What it could not measure is told, and is missing in the table's count of runs."""
        if time.monotonic() - self.settings.began > self.settings.limit * 60:
            raise TimeoutError
        try:
            action()
        except NoFigure as why:
            self.settings.failed += 1
            self.say(f"{text}: no figure: {why}")

    def each(self, text, pairs, runs, action):
        for number in range(1, runs + 1):
            for programs in pairs:
                self.run(f"{text}, {label(programs)}, run {number}", lambda: action(programs))
            self.say(f"{text}: {number} of {runs}")

    def each_on_a_pair(self, text, interval_ms, action):
        """Runs that leave the pair as it was: several of them on one."""
        for first in range(0, self.settings.runs, RUNS_A_PAIR):
            for programs in PAIRS:
                def some():
                    self.rig.begin(programs, interval_ms)
                    for _ in range(min(RUNS_A_PAIR, self.settings.runs - first)):
                        action(programs)
                self.run(f"{text}, {label(programs)}", some)
            self.say(f"{text}: {min(first + RUNS_A_PAIR, self.settings.runs)} of {self.settings.runs}")

    def blackout(self, figure, programs, from_ns, wanted=None):
        gap_ms, late_ms = self.rig.blackout_ms(from_ns)
        self.figures.add(figure, "ms", label(programs), gap_ms, wanted)
        if late_ms > 5:
            self.say(f"the client itself was {late_ms:.0f} ms late in a run that gave {gap_ms:.0f} ms")


def death(bench, interval_ms):
    """SIGKILL of all processes and the cable out, at once."""
    def once(programs):
        bench.rig.begin(programs, interval_ms)
        at = bench.rig.kill_machine("lb1")
        bench.rig.answering("lb2", patience(interval_ms))
        bench.blackout(f"node death, {interval_ms} ms: blackout", programs, at, down_ms(interval_ms) + 5)
    bench.each(f"at {interval_ms} ms", PAIRS, bench.settings.runs, once)


def stop(bench, interval_ms):
    """SIGTERM to the master."""
    def once(programs):
        bench.rig.begin(programs, interval_ms)
        at = time.monotonic_ns()
        bench.rig.directors["lb1"].stop()
        bench.rig.answering("lb2", patience(interval_ms))
        process = bench.rig.directors["lb1"].process
        wait_until(lambda: process.poll() is not None, 15, "lb1 has ended")
        pause(0.2)
        bench.blackout(f"graceful stop, {interval_ms} ms: blackout", programs, at, 20)
    bench.each(f"at {interval_ms} ms", (PAIRS[0], MIXED, PAIRS[1]), bench.settings.runs, once)


def killed(bench, interval_ms):
    """SIGKILL of all processes; the host lives."""
    def once(programs):
        bench.rig.begin(programs, interval_ms)
        at = time.monotonic_ns()
        bench.rig.directors["lb1"].send(signal.SIGKILL)
        while VIP in bench.rig.addresses.held["lb1"] and time.monotonic_ns() - at < GONE_SECONDS_MAX * 10**9:
            pause(0.01)
        gone = [ns for ns, node, _, held in bench.rig.addresses.since(at) if node == "lb1" and not held]
        bench.figures.add(f"daemon killed, {interval_ms} ms: until its VIP is gone", "ms", label(programs),
                          (gone[0] - at) / 1e6 if gone else math.inf, 3000)
        bench.rig.answering("lb2", patience(interval_ms))
        bench.blackout(f"daemon killed, {interval_ms} ms: blackout", programs, at)
    bench.each(f"at {interval_ms} ms", PAIRS, bench.settings.runs, once)


def restart(bench, interval_ms):
    """SIGKILL of all processes, and the supervisor starts the program again."""
    def once(programs):
        bench.rig.begin(programs, interval_ms)
        lb1 = bench.rig.directors["lb1"]
        at = time.monotonic_ns()
        lb1.end()
        pause(RESTART_SECONDS)
        lb1.start()
        pause(4 * interval_ms / 1000 + 3)
        bench.rig.await_master("lb1", interval_ms)
        moved = any(node == "lb2" and held for _, node, _, held in bench.rig.addresses.since(at))
        pause(0.3)
        name = f"killed and restarted, {interval_ms} ms: "
        bench.figures.add(name + "failovers", "a run", label(programs), int(moved), 0)
        bench.blackout(name + "blackout", programs, at)
    bench.each(f"at {interval_ms} ms", PAIRS, bench.settings.runs, once)


def deleted(bench, interval_ms):
    """Somebody deletes the VIP from the master's interface."""
    def once(programs):
        at = time.monotonic_ns()
        bench.rig.addresses.delete("lb1", VIP)
        wait_until(lambda: any(held for *_, held in bench.rig.addresses.since(at)), patience(interval_ms),
                   "some kernel has the VIP again")
        back = next(ns for ns, *_, held in bench.rig.addresses.since(at) if held)
        pause(0.5)
        bench.rig.await_master("lb1", interval_ms)
        bench.rig.answering("lb1", 5)
        name = f"VIP deleted by hand, {interval_ms} ms: "
        bench.figures.add(name + "until it is back", "ms", label(programs), (back - at) / 1e6, 20)
        bench.blackout(name + "blackout", programs, at)
        pause(1.5)                       # it is not what keeps vanishing
    bench.each_on_a_pair(f"at {interval_ms} ms", interval_ms, once)


def frozen(bench, interval_ms):
    """SIGSTOP for a while."""
    def once(programs):
        at = time.monotonic_ns()
        bench.rig.directors["lb1"].send(signal.SIGSTOP)
        pause(STOPPED_SECONDS)
        woken = time.monotonic_ns()
        bench.rig.directors["lb1"].send(signal.SIGCONT)
        pause(0.5)
        bench.rig.await_master("lb1", interval_ms)
        bench.rig.answering("lb1", 5)
        pause(1 + interval_ms / 1000)
        name = f"SIGSTOP for {STOPPED_SECONDS} s, {interval_ms} ms: "
        bench.figures.add(name + "two holders after waking", "ms", label(programs),
                          bench.rig.addresses.both_ms(VIP, woken), 20)
        bench.figures.add(name + "two holders before", "ms", label(programs),
                          bench.rig.addresses.both_ms(VIP, at, woken))
        bench.blackout(name + "blackout", programs, at)
    bench.each_on_a_pair(f"at {interval_ms} ms", interval_ms, once)


def load(bench):
    """Spinning processes beside an undisturbed pair: nothing is to change."""
    minutes = bench.settings.load_minutes
    for spinning in bench.settings.spinning:
        for interval_ms in bench.settings.load_intervals:
            def once(programs):
                bench.rig.begin(programs, interval_ms, probing=False)
                bench.rig.spin(spinning)
                at = time.monotonic_ns()
                pause(minutes * 60)
                moved = [change for change in bench.rig.addresses.since(at) if change[3]]
                for director in bench.rig.directors.values():
                    director.send(0)     # or else it had ended
                bench.figures.add(f"{spinning} spinning, {interval_ms} ms, {minutes:g} minutes: VIP moved", "times",
                                  label(programs), len(moved), 0)
            bench.each(f"{spinning} spinning at {interval_ms} ms", PAIRS, 1, once)


def many(bench):
    """255 instances on one interface: what they cost, and how soon all have moved."""
    count, interval_ms, seconds = 255, 1000, bench.settings.cpu_seconds
    vips = {vip for _, _, vip in instances(count)}

    def once(programs):
        rig = bench.rig
        rig.begin(programs, interval_ms, count, probing=False)
        pause(7)                         # the second round of gratuitous ARP is over
        before = {node: director.cpu_seconds() for node, director in rig.directors.items()}
        pause(seconds)
        for node, role in ("lb1", "master"), ("lb2", "backup"):
            used = rig.directors[node].cpu_seconds() - before[node]
            bench.figures.add(f"{count} instances, {interval_ms} ms: CPU time of the {role}", "% of a CPU",
                              label(programs), 100 * used / seconds)
        first_arp_ns(rig.arp)            # what is from before
        at = rig.kill_machine("lb1")
        wait_until(lambda: vips <= rig.addresses.held["lb2"], patience(interval_ms), "lb2 holds every VIP")
        pause(2)
        told = [ns for vip, ns in first_arp_ns(rig.arp).items() if vip in vips]
        added = [ns for ns, node, _, held in rig.addresses.since(at) if node == "lb2" and held]
        if len(told) < count:
            raise NoFigure(f"the client heard gratuitous ARP for {len(told)} of {count} VIPs")
        name = f"{count} instances, {interval_ms} ms: first VIP to last, "
        bench.figures.add(name + "by ARP", "ms", label(programs), (max(told) - min(told)) / 1e6, 100)
        bench.figures.add(name + "by address", "ms", label(programs), (max(added) - min(added)) / 1e6)
    bench.each("255 instances", PAIRS, bench.settings.many_runs, once)


AT_AN_INTERVAL = {part.__name__: part for part in (death, stop, killed, restart, deleted, frozen)}
OTHERS = {part.__name__: part for part in (load, many)}
