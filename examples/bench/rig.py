"""Two directors and a client on one bridge, made by the scenario: what a measurement does with them."""
import os
import random
import signal
import subprocess
import time

from kernel import Addresses, Cables, arp_socket, within
from probe import ANSWER, LATE

VIP = "10.9.0.50"
ADDRESS = {"lb1": "10.9.0.1", "lb2": "10.9.0.2"}
PRIORITY = {"lb1": 150, "lb2": 100}
NUMBER = {"lb1": 1, "lb2": 2}
TICKS = os.sysconf("SC_CLK_TCK")
HERE = os.path.dirname(os.path.abspath(__file__))
# A /run of its own for each director, for pid files and sockets.
OWN_RUN = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs run /run && exec "$@"', "director"]


class NoFigure(Exception):
    """A figure could not be had; says why."""


def pause(seconds):
    time.sleep(max(0, seconds))


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NoFigure(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.01)


def instances(count):
    """(name, VRID, VIP) of as many instances."""
    if count == 1:
        return [("VI_1", 51, VIP)]
    return [(f"VI_{n}", n, f"10.9.{1 + n // 200}.{1 + n % 200}") for n in range(1, count + 1)]


def skew_ms(node, interval_ms):
    return (256 - PRIORITY[node]) * interval_ms / 256


def config_vipd(node, interval_ms, count):
    lines = [f"global: {{ router_id: {node}, control_socket: /run/vipd.sock }}", "vrrp_instances:"]
    for name, vrid, vip in instances(count):
        lines += [f"  {name}:", "    interface: eth0", "    version: 3", f"    virtual_router_id: {vrid}",
                  f"    priority: {PRIORITY[node]}", f"    advert_int: {interval_ms}ms",
                  f"    virtual_ipaddress: [ {vip}/24 ]"]
    return "\n".join(lines) + "\n"


def config_keepalived(node, interval_ms, count):
    lines = ["global_defs {", f"    router_id {node}", "    vrrp_version 3", "}"]
    for name, vrid, vip in instances(count):
        lines += [f"vrrp_instance {name} {{", "    state BACKUP", "    interface eth0", f"    virtual_router_id {vrid}",
                  f"    priority {PRIORITY[node]}", f"    advert_int {interval_ms / 1000:.2f}",
                  "    virtual_ipaddress {", f"        {vip}/24", "    }", "}"]
    return "\n".join(lines) + "\n"


class Program:
    """What runs on a node. Its log is that of the last run only."""

    def __init__(self, node, log, command):
        self.node, self.log, self.command = node, log, command
        self.process = None
        open(self.log, "w", encoding="ascii").close()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", self.node, *OWN_RUN, *self.command],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def send(self, number):
        """A signal to the program and its children, at once."""
        if self.process.poll() is not None:
            raise NoFigure(f"{self.node} had ended by itself: see {self.log}")
        os.killpg(self.process.pid, number)

    def stop(self):
        """As an operator or a supervisor does: the program itself is told, and tells its children."""
        self.process.send_signal(signal.SIGTERM)

    def end(self):
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process = None

    def processes(self):
        """(pid, CPU seconds) of the program and of its children."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue                 # ended meanwhile
            if int(fields[2]) == self.process.pid:
                yield int(pid), (int(fields[11]) + int(fields[12])) / TICKS

    def cpu_seconds(self):
        return sum(seconds for _, seconds in self.processes())


class Director(Program):
    """One of the two, with the program that it is to run. Its log is OUT/NODE.log."""

    def __init__(self, rig, node, program, interval_ms, count=1):
        config = os.path.join(rig.out, node + (".yaml" if program == "vipd" else ".conf"))
        with open(config, "w", encoding="ascii") as file:
            file.write((config_vipd if program == "vipd" else config_keepalived)(node, interval_ms, count))
        super().__init__(node, os.path.join(rig.out, node + ".log"), [rig.vipd, "run", "-c", config]
                         if program == "vipd" else ["keepalived", "-nl", "--vrrp", "-f", config,
                                                    "-p", "/run/keepalived.pid", "-r", "/run/vrrp.pid"])


class Rig:
    """Everything; use it in a with statement, which ends what it started."""

    def __init__(self, out, vipd):
        self.out, self.vipd = out, vipd
        self.cables = Cables(ADDRESS)
        self.addresses = Addresses(list(ADDRESS))
        self.arp = within("client", arp_socket)
        self.answers = os.path.join(out, "answers.bin")
        self.client = None
        self.directors = {}
        self.spinning = []
        self.echoes = [self.probe(node, "answer", str(NUMBER[node])) for node in ADDRESS]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end_run()
        for process in self.echoes:
            process.kill()
            process.wait()

    def probe(self, node, *args):
        return subprocess.Popen(["ip", "netns", "exec", node, "python3", os.path.join(HERE, "probe.py"), *args])

    # --- a run

    def begin(self, programs, interval_ms, count=1, probing=True):
        """Starts both directors on machines as new, and returns once lb1 is master and lb2 its backup."""
        self.end_run()
        self.addresses.forget()
        for node, program in zip(ADDRESS, programs):
            self.directors[node] = Director(self, node, program, interval_ms, count)
            self.directors[node].start()
        if probing:
            self.probe_on()
        self.await_master("lb1", interval_ms, count)
        if probing:
            wait_until(lambda: self.last_answer()[1] == NUMBER["lb1"], 5, "the VIP answers from lb1")
        # both heard of one another, the second round of gratuitous ARP apart; and any moment between two adverts
        pause((1 + random.random()) * interval_ms / 1000 + 0.3)

    def await_master(self, node, interval_ms, count=1):
        """Until it alone holds every VIP."""
        vips = {vip for _, _, vip in instances(count)}
        other = "lb2" if node == "lb1" else "lb1"
        wait_until(lambda: vips <= self.addresses.held[node] and not vips & self.addresses.held[other],
                   15 + 8 * interval_ms / 1000, f"{node} is the only master")

    def end_run(self):
        for process in self.spinning:
            process.kill()
        for process in self.spinning:
            process.wait()
        self.spinning = []
        for director in self.directors.values():
            director.end()
        self.directors = {}
        if self.client:
            self.client.terminate()
            self.client.wait()
            self.client = None
        for node, address in ADDRESS.items():
            self.cables.set(node, True)
            ip("-n", node, "addr", "flush", "dev", "eth0")
            ip("-n", node, "addr", "add", address + "/24", "dev", "eth0")
        ip("-n", "client", "neigh", "flush", "dev", "eth0")

    def spin(self, count):
        self.spinning = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(count)]

    def kill_machine(self, node):
        """Its power goes: every process, and the cable, since its kernel lives and would go on answering."""
        self.directors[node].send(signal.SIGKILL)
        self.cables.set(node, False)
        return time.monotonic_ns()

    # --- what the client saw

    def probe_on(self):
        open(self.answers, "wb").close()
        self.client = self.probe("client", "ask", VIP, self.answers)

    def seen(self, from_ns):
        with open(self.answers, "rb") as file:
            data = file.read()
        records = ANSWER.iter_unpack(data[:len(data) // ANSWER.size * ANSWER.size])
        return [record for record in records if record[1] >= from_ns]

    def last_answer(self):
        """(when sent, holder), of the last good one; (0, 0) before the first."""
        with open(self.answers, "rb") as file:
            whole = os.path.getsize(self.answers) // ANSWER.size
            file.seek(max(0, whole - 100) * ANSWER.size)
            data = file.read(100 * ANSWER.size)
        for _, sent, _, holder in reversed(list(ANSWER.iter_unpack(data[:len(data) // ANSWER.size * ANSWER.size]))):
            if holder != LATE:
                return sent, holder
        return 0, 0

    def answering(self, node, seconds):
        """Waits until the node answers, and has for a moment."""
        wait_until(lambda: self.last_answer()[1] == NUMBER[node], seconds, f"the VIP answers from {node}")
        pause(0.3)

    def blackout_ms(self, from_ns):
        """(longest time from a good probe to the next good one, 0 where none was lost; how late the client itself was)"""
        longest, before, late_ns = 0, None, 0
        for number, sent, value, holder in sorted(self.seen(from_ns - 500_000_000), key=lambda record: record[1]):
            if holder == LATE:
                late_ns = max(late_ns, value if sent >= from_ns else 0)
                continue
            if before and sent >= from_ns and number - before[0] > 1:
                longest = max(longest, sent - before[1])
            before = (number, sent)
        if before is None:
            raise NoFigure("the VIP never answered")
        return longest / 1e6, late_ns / 1e6


def ip(*args):
    subprocess.run(["ip", *args], check=True, stdout=subprocess.DEVNULL)
