"""A director's host and the real servers behind one link, made by the scenario: what a measurement of health checks
does with them. The servers have a namespace of their own, so that sockets, ports and counters of the two sides are
apart and each probe crosses a device; what their kernel does for a packet is charged to whoever sent it, alike for both
programs."""
import contextlib
import dataclasses
import json
import os
import re
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

from kernel import within
from rig import NoFigure, Program, ip, pause, wait_until

CHECKER, SERVERS = "checker", "servers"
HERE = os.path.dirname(os.path.abspath(__file__))
CHANGE = struct.Struct("=q4s3I")         # struct change of ipvs_shim.c
ADDDEST, DELDEST = 7, 8                  # linux/ip_vs.h, less IP_VS_BASE_CTL
PORT = 80
NICE = -10                               # what else the machine does shall not be measured; all that runs here is equal
JUDGED = re.compile(r"check\.state .*?mono=(\S+) .*?rs=([\d.]+):\d+ .*?to=(UP|DOWN)")
# the line of a dry run, and that of a real table
CHANGED = re.compile(r'mono=(\S+) .*?what="(Adding|Removing) service ([\d.]+):\d+ (?:to|from) |'
                     r"ipvs\.op .*?mono=(\S+) op=(add|del)_dest .*?rs=([\d.]+):\d+ ")
APPLIED = re.compile(r"config\.applied .*?mono=(\S+)")
ACTIVATED = b"Activating healthchecker for service"
NGINX = """worker_processes 2; daemon off; user root; error_log stderr crit; pid {folder}/nginx.pid;
worker_rlimit_nofile {files}; events {{ worker_connections {half}; }}
http {{ access_log off; keepalive_timeout 0;
server {{ listen 80 backlog=8192; location / {{ return 200 "ok\\n"; }} }} }}
"""


@dataclasses.dataclass(frozen=True)
class Setup:
    """What is to be checked, once a second and without a retry: virtual servers with `size` real servers each."""
    kind: str = "tcp"                    # or http
    services: int = 100
    size: int = 100
    weight: int = 1                      # of the very first real server

    def servers(self):
        return [address(number) for number in range(self.services * self.size)]


def address(number):
    """Of a real server. Each tenth is in a network of its own, which can be cut off."""
    return f"10.{2 if number % 10 == 9 else 1}.{number // 250}.{number % 250 + 1}"


def number_of(text):
    """An address as an int."""
    return int.from_bytes(socket.inet_aton(text))


def config_vipd(setup):
    check = "{ tcp: {} }" if setup.kind == "tcp" else "{ http: { path: / } }"
    lines = ["global: { router_id: checker, control_socket: /run/vipd.sock, state_dir: /run/state, http: off }",
             "virtual_servers:"]
    for service in range(setup.services):
        lines += [f"  v{service}:", f"    address: 10.200.0.{service + 1}:{PORT}", "    lb_algo: rr", "    lb_kind: DR",
                  "    delay_loop: 1s", "    connect_timeout: 1s", "    retry: 0", "    real_servers:"]
        for number in range(service * setup.size, (service + 1) * setup.size):
            weight = 1 if number else setup.weight
            lines.append(f"      - {{ address: {address(number)}:{PORT}, weight: {weight}, checks: [ {check} ] }}")
    return "\n".join(lines) + "\n"


def config_keepalived(setup):
    timing = "connect_timeout 1\n retry 0"
    check = f"TCP_CHECK {{\n {timing}\n }}" if setup.kind == "tcp" else \
        f"HTTP_GET {{\n url {{\n path /\n status_code 200\n }}\n {timing}\n }}"
    lines = ["global_defs {", " router_id checker", "}"]
    for service in range(setup.services):
        lines += [f"virtual_server 10.200.0.{service + 1} {PORT} {{", " protocol TCP", " lb_algo rr", " lb_kind DR",
                  " delay_loop 1"]
        for number in range(service * setup.size, (service + 1) * setup.size):
            weight = 1 if number else setup.weight
            lines += [f" real_server {address(number)} {PORT} {{", f" weight {weight}", check, " }"]
        lines.append("}")
    return "\n".join(lines) + "\n"


class Checker(Program):
    """The program that checks. It changes no kernel table, and tells what it would change."""

    def __init__(self, rig, program, setup):
        self.program, self.vipd = program, rig.vipd
        self.config = os.path.join(rig.out, program + (".yaml" if program == "vipd" else ".conf"))
        self.noted = os.path.join(rig.out, "changes.bin")
        # No syslog: on a machine without one, libc would write each line to the console, which may take milliseconds.
        super().__init__(CHECKER, os.path.join(rig.out, program + ".log"),
                         [rig.vipd, "run", "--dry-run", "-c", self.config] if program == "vipd" else
                         ["env", "LD_PRELOAD=" + rig.shim, "IPVS_SHIM_CHANGES=" + self.noted, "keepalived", "-CnlG",
                          "-f", self.config, "-p", "/run/keepalived.pid", "-c", "/run/checkers.pid"])
        open(self.noted, "wb").close()
        self.write(setup)

    def write(self, setup):
        """Its configuration, for the next start or reload."""
        with open(self.config, "w", encoding="ascii") as file:
            file.write((config_vipd if self.program == "vipd" else config_keepalived)(setup))

    def resident_mib(self):
        total = 0
        for pid, _ in self.processes():
            with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                total += int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))
        return total / 1024

    def descriptors(self):
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid, _ in self.processes())

    def told(self, expression, offset=0):
        """(ns, the other groups) of each such line of vipd's log; the first group is its `mono=`."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            file.seek(offset)
            for match in expression.finditer(file.read()):
                mono, *groups = [group for group in match.groups() if group is not None]
                yield round(float(mono) * 1e9), *groups

    def log_size(self):
        return os.path.getsize(self.log)

    def changes(self, since_ns, offset=0):
        """(ns, added, address) of each real server that went to or from the table, by the log from the offset on."""
        if self.program == "vipd":
            found = [(ns, op in ("Adding", "add"), server) for ns, op, server in self.told(CHANGED, offset)]
        else:
            with open(self.noted, "rb") as file:
                data = file.read()
            found = [(ns, option == ADDDEST, socket.inet_ntoa(server))
                     for ns, server, option, *_ in CHANGE.iter_unpack(data[:len(data) // CHANGE.size * CHANGE.size])
                     if option in (ADDDEST, DELDEST)]
        return [change for change in found if change[0] >= since_ns]

    def reloaded(self, offset, count, seconds):
        """Waits until a reload is done that began when the log had that size. When it was: by vipd's word, or when the
        last of keepalived's `count` lines about checks was there to read."""
        found = []

        def done():
            if self.program == "vipd":
                found.extend(ns for ns, *_ in self.told(APPLIED, offset))
            else:
                with open(self.log, "rb") as file:
                    file.seek(offset)
                    if file.read().count(ACTIVATED) >= count:
                        found.append(time.monotonic_ns())
            return found
        wait_until(done, seconds, "the reload is done")
        return found[0]

    def own_lag_ms(self):
        """How late vipd says that it starts probes, p99: `checks.lag_ms_p99` of its status. None if it does not say."""
        if self.program != "vipd":
            return None
        command = ["nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt", self.vipd, "status", "--json",
                   "--socket", "/run/vipd.sock"]
        try:
            asked = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
            return json.loads(asked.stdout)["checks"]["lag_ms_p99"]
        except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
            return None


class Few:
    """Some servers that can die one by one: a listening socket for each address."""

    def __init__(self, addresses):
        self.lock = threading.Lock()
        self.selector = selectors.DefaultSelector()
        self.listening = {}
        self.running = True
        for each in addresses:
            self.open(each)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def open(self, each):
        listening = within(SERVERS, lambda: socket.create_server((each, PORT), backlog=64))
        listening.setblocking(False)
        with self.lock:
            self.listening[each] = listening
            self.selector.register(listening, selectors.EVENT_READ)

    def close(self, each):
        """When it was dead."""
        with self.lock:
            listening = self.listening.pop(each)
            self.selector.unregister(listening)
            listening.close()
        return time.monotonic_ns()

    def serve(self):
        while self.running:
            for key, _ in self.selector.select(0.1):
                with self.lock, contextlib.suppress(OSError):
                    key.fileobj.accept()[0].close()

    def end(self):
        self.running = False
        self.thread.join()
        for listening in self.listening.values():
            listening.close()
        self.selector.close()


class ChecksRig:
    """Everything; use it in a with statement, which ends what it started."""

    def __init__(self, out, vipd, shim):
        self.out, self.vipd, self.shim = out, vipd, shim
        self.checker = self.nginx = self.few = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end_run()

    def begin(self, program, setup, few=False, silent=False):
        """Starts the servers and the program, both as new."""
        self.end_run()
        self.silent(silent)
        if few:
            self.few = Few(setup.servers())
        else:
            self.serve()
        self.checker = Checker(self, program, setup)
        self.checker.start()
        favour(self.checker.process.pid)
        return self.checker

    def end_run(self):
        if self.checker:
            self.checker.end()
            self.checker = None
        self.serve_no_more()
        if self.few:
            self.few.end()
            self.few = None
        self.silent(False)

    def serve(self):
        """nginx for all servers. When it first answered."""
        config = os.path.join(self.out, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX.format(folder=self.out, files=files_max(), half=files_max() // 2))
        self.nginx = subprocess.Popen(["ip", "netns", "exec", SERVERS, shutil.which("nginx"), "-c", config],
                                      start_new_session=True)
        favour(self.nginx.pid)
        return await_answers(True)

    def serve_no_more(self):
        """All of them stop listening at once. When they began to."""
        at_ns = time.monotonic_ns()
        if self.nginx:
            os.killpg(self.nginx.pid, signal.SIGKILL)
            self.nginx.wait()
            self.nginx = None
            await_answers(False)
        return at_ns

    @staticmethod
    def silent(silent):
        """Whether each tenth server lets packets to it fall: what another network does that lost a host."""
        kind = "blackhole" if silent else "local"
        device = () if silent else ("dev", "lo")
        ip("-n", SERVERS, "route", "flush", "10.2.0.0/16", "table", "local")
        ip("-n", SERVERS, "route", "add", kind, "10.2.0.0/16", *device, "table", "local")


def favour(pid):
    """Its session, before others: where Linux groups processes by session, their own nice counts only within it."""
    with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/autogroup", "w", encoding="ascii") as file:
        file.write(str(NICE))


def await_answers(wanted):
    """When somebody first listened for all servers, or nobody any more."""
    def look():
        for _ in range(10_000):
            with socket.socket() as tcp:
                if (tcp.connect_ex(("127.0.0.1", PORT)) == 0) == wanted:
                    return time.monotonic_ns()
            pause(0.001)
        raise NoFigure(f"nginx answers: {not wanted} after 10 s")
    return within(SERVERS, look)


def files_max():
    with open("/proc/self/limits", encoding="ascii") as file:
        return int(re.search(r"Max open files +(\d+)", file.read()).group(1))


def connects():
    """How many connections the checker's kernel was asked for since it began."""
    def read():
        with open("/proc/thread-self/net/snmp", encoding="ascii") as file:
            names, values = [line.split() for line in file if line.startswith("Tcp:")]
        return int(values[names.index("ActiveOpens")])
    return within(CHECKER, read)


def compile_shim(folder):
    """Of ipvs_shim.c, by what compiler there is."""
    compiler = next(filter(shutil.which, ("cc", "gcc", "tcc")), None)
    if compiler is None:
        raise NoFigure("no C compiler")
    shim = os.path.join(folder, "ipvs_shim.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-nostdlib", "-O1", "-o", shim, os.path.join(HERE, "ipvs_shim.c")],
                   check=True)
    return shim
