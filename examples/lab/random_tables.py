"""Makes random configurations and random kernel tables, and says what the table has to be after each.

usage: random_tables.py SEED ROUNDS FOLDER RESYNC CONTROL_SOCKET

Writes to FOLDER for each round N, from 0: N.yaml, a configuration of vipd; N.before, commands for `ipvsadm -R` that
somebody else gives before vipd gets it (at first: services of others, and some of ours half right); N.wanted, the lines
that `ipvsadm -Sn` has to show afterwards; N.limits, the thresholds, which it leaves out, of `ipvsadm -Ln --thresholds`.
What is wanted is made here, from the same choices as the configuration, never from what vipd says.
"""
import copy
import ipaddress
import random
import sys

SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "fo", "ovf"]
PROTOCOLS = {"tcp": "-t", "udp": "-u", "sctp": "--sctp-service"}
WEIGHT_MAX = 65535              # of ipvsadm; the kernel's is 2^31-1
METHODS = {"NAT": "-m", "DR": "-g", "TUN": "-i"}


class Server:
    """A destination: how it stands in the configuration, and in a line of ipvsadm."""

    def __init__(self, rnd, service, number):
        self.method = rnd.choice(list(METHODS))
        mixed = self.method == "TUN" and rnd.random() < 0.2        # only tunnels take another family
        self.v6 = service.v6 != mixed
        self.host = f"fd00:2::{number:x}" if self.v6 else f"10.20.{number >> 8}.{number & 255}"
        own_port = self.method == "NAT" and not service.mark and rnd.random() < 0.5
        self.given_port = rnd.randint(1, 65535) if own_port else None
        self.weight = rnd.choice([0, 1, 1, 1, 2, 100, 65535, 2147483647, rnd.randint(0, 1000)])
        self.upper = rnd.choice([0, 0, 0, 1, 1000, 2147483647])
        self.lower = rnd.randint(0, self.upper) if rnd.random() < 0.5 else 0
        self.tunnel = ("ipip", 0, "nocsum")
        if self.method == "TUN":
            gue = ("gue", rnd.randint(1, 65535), rnd.choice(["nocsum", "csum", "remcsum"]))
            self.tunnel = rnd.choice([("ipip", 0, "nocsum"), ("gre", 0, "nocsum"), ("gre", 0, "csum"), gue, gue])

    def yaml(self, rnd):
        keys = [f'address: "{endpoint(self.host, self.given_port) if self.given_port else self.host}"']
        kind, port, flag = self.tunnel
        if self.tunnel == ("ipip", 0, "nocsum"):
            keys.append(f"lb_kind: {self.method}")
        elif rnd.random() < 0.5:
            keys.append(f"lb_kind: TUN type {kind}" + (f" port {port}" if port else "") + f" {flag}")
        else:
            keys.append(f"lb_kind: {{ method: TUN, type: {kind}, " + (f"port: {port}, " if port else "")
                        + f"checksum: {flag} }}")
        if self.weight != 1 or rnd.random() < 0.2:
            keys.append(f"weight: {self.weight}")
        if self.upper:
            keys.append(f"uthreshold: {self.upper}")
        if self.lower:
            keys.append(f"lthreshold: {self.lower}")
        rnd.shuffle(keys)
        return "{ " + ", ".join(keys) + " }"

    def at(self, service_port):
        return endpoint(self.host, self.given_port or service_port)

    def command(self, key, service_port):
        return f"{self.line(key, service_port)} -x {self.upper} -y {self.lower}"

    def line(self, key, service_port):
        words = ["-a", key, "-r", self.at(service_port), METHODS[self.method], "-w", str(self.weight)]
        if self.method == "TUN":
            kind, port, flag = self.tunnel
            words += ["--tun-type", kind]
            if kind == "gue":
                words += ["--tun-port", str(port)]
            if kind != "ipip":
                words += ["--tun-" + flag]
        return " ".join(words)


class Service:
    """A virtual server of the configuration: one service of the kernel, or with a group several."""

    def __init__(self, rnd, name, number):
        self.name = name
        self.v6 = rnd.random() < 0.4
        self.kind = rnd.choice(["address"] * 5 + ["mark"] * 2 + ["group"])
        self.mark = self.kind == "mark"
        self.protocol = rnd.choice(["tcp", "tcp", "udp", "sctp"])
        self.port = rnd.randint(1, 65535)
        first = f"fd00:1::{number:x}" if self.v6 else f"10.{10 + (number >> 8)}.{number & 255}.1"
        size = rnd.randint(2, 4) if self.kind == "group" else 1
        self.hosts = [str(ipaddress.ip_address(first) + i) for i in range(size)]
        self.group_mark = rnd.random() < 0.5 and self.kind == "group"
        self.number = 1000 + number
        self.reschedule(rnd)
        if self.kind == "address" and self.persistence and rnd.random() < 0.3:
            self.port = 0
        self.servers = []

    def reschedule(self, rnd):
        """A scheduler and its flags, persistence."""
        udp = self.protocol == "udp" or self.mark
        self.scheduler = rnd.choice(SCHEDULERS)
        self.flags = []
        if self.scheduler in ("sh", "mh"):
            self.flags = [self.scheduler + flag for flag in ("-fallback", "-port") if rnd.random() < 0.5]
        self.ops = udp and rnd.random() < 0.3
        self.persistence = rnd.choice([0, 0, 1, 60, 300, 3600, 2678400])
        if self.kind == "address" and getattr(self, "port", 1) == 0:
            self.persistence = self.persistence or 5
        most = 128 if self.v6 else 32
        self.prefix = rnd.randint(1, most) if self.persistence and rnd.random() < 0.5 else most
        self.engine = "sip" if self.persistence and udp and rnd.random() < 0.3 else ""

    def yaml(self, rnd, groups):
        lines = [f"  {self.name}:"]
        if self.kind == "address":
            lines.append(f'    address: "{endpoint(self.hosts[0], self.port)}"')
        elif self.kind == "mark":
            lines.append(f"    fwmark: {self.number}")
            if self.v6 or any(server.v6 for server in self.servers):
                lines.append(f"    ip_family: {'inet6' if self.v6 else 'inet'}")
        else:
            items = [f'"{endpoint(host, self.port)}"' for host in self.hosts]
            if self.group_mark:
                items.append(f"{{ fwmark: {self.number}, ip_family: {'inet6' if self.v6 else 'inet'} }}")
            groups.append(f"  g-{self.name}: [ {', '.join(items)} ]")
            lines.append(f"    group: g-{self.name}")
        if not self.mark and (self.protocol != "tcp" or rnd.random() < 0.3):
            lines.append(f"    protocol: {self.protocol}")
        lines.append(f"    lb_algo: {self.scheduler}")
        if self.flags:
            lines.append(f"    sched_flags: [ {', '.join(self.flags)} ]")
        if self.ops:
            lines.append("    ops: true")
        if self.persistence:
            lines.append(f"    persistence_timeout: {self.persistence}s")
        if self.persistence and (self.prefix != (128 if self.v6 else 32) or rnd.random() < 0.2):
            mask = self.prefix if self.v6 or rnd.random() < 0.5 else mask4(self.prefix)
            lines.append(f"    persistence_granularity: {mask}")
        if self.engine:
            lines.append(f"    persistence_engine: {self.engine}")
        lines.append("    real_servers:")
        lines += [f"      - {server.yaml(rnd)}" for server in self.servers]
        return "\n".join(lines)

    def keys(self):
        """(key in the words of ipvsadm, port) of each of its services in the kernel"""
        family = " -6" if self.v6 else ""
        keys = []
        if not self.mark:
            keys = [(f"{PROTOCOLS[self.protocol]} {endpoint(host, self.port)}", self.port) for host in self.hosts]
        if self.mark or self.group_mark:
            keys.append((f"-f {self.number}{family}", 0))
        return keys

    def line(self, key):
        words = ["-A", key, "-s", self.scheduler]
        if self.persistence:
            words += ["-p", str(self.persistence)]
            if self.prefix != (128 if self.v6 else 32):
                words += ["-M", str(self.prefix) if self.v6 else mask4(self.prefix)]
            if self.engine:
                words += ["--pe", self.engine]
        if self.ops:
            words += ["-o"]
        if self.flags:
            words += ["-b", ",".join(self.flags)]
        return " ".join(words)

    def rows(self):
        """{row: (line, limits)}; a row of a service is its key, one of a destination its key and address"""
        rows = {}
        for key, port in self.keys():
            rows[key] = self.line(key), ""
            for server in self.servers:
                at = server.at(port)
                rows[key, at] = server.line(key, port), f"{key.split()[1]} {at} {server.upper} {server.lower}"
        return rows


def endpoint(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def mask4(prefix):
    return str(ipaddress.ip_network(f"0.0.0.0/{prefix}").netmask)


class World:
    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.count = 0
        self.services = []
        self.foreign = {}                       # rows that nobody may touch

    def service(self):
        self.count += 1
        service = Service(self.rnd, f"s{self.count}", self.count)
        for _ in range(self.rnd.randint(1, 6)):
            self.serve(service)
        return service

    def serve(self, service):
        self.count += 1
        service.servers.append(Server(self.rnd, service, self.count))

    def wanted(self):
        rows = {}
        for service in self.services:
            rows |= service.rows()
        return rows

    def change(self):
        """Another configuration: a little of everything."""
        rnd = self.rnd
        for _ in range(rnd.choice([0, 1, 1, 2, 5])):
            self.services.append(self.service())
        for service in list(self.services):
            dice = rnd.random()
            if dice < 0.1 and len(self.services) > 2:
                self.services.remove(service)
            elif dice < 0.3:
                self.serve(service)
            elif dice < 0.45 and len(service.servers) > 1:
                service.servers.remove(rnd.choice(service.servers))
            elif dice < 0.6:
                server = rnd.choice(service.servers)
                server.weight = rnd.randint(0, 10)
            elif dice < 0.7:
                server = rnd.choice(service.servers)        # the same address and port in another way
                fresh = Server(rnd, service, 1)
                if fresh.v6 == server.v6 and fresh.given_port is None and server.given_port is None:
                    fresh.host = server.host
                    service.servers[service.servers.index(server)] = fresh
            elif dice < 0.85:
                service.reschedule(rnd)
        rnd.shuffle(self.services)

    def half_right(self):
        """Commands that put some of our services there before we come, each row right, wrong, or missing."""
        commands = []
        for service in self.services:
            if self.rnd.random() < 0.5:
                continue
            for key, port in service.keys():
                found = copy.copy(service)
                if self.rnd.random() < 0.5:
                    found.reschedule(self.rnd)
                commands.append(found.line(key))
                for server in map(copy.copy, service.servers):
                    if self.rnd.random() < 0.5:
                        continue
                    if server.weight > WEIGHT_MAX or self.rnd.random() < 0.5:
                        server.weight = 7
                    commands.append(server.command(key, port))
                if self.rnd.random() < 0.5:
                    commands.append(self.spare(service).command(key, port))
        return commands

    def spare(self, service):
        """A server that is in no configuration."""
        self.count += 1
        server = Server(self.rnd, service, 50000 + self.count % 10000)
        server.weight = min(server.weight, WEIGHT_MAX)
        return server

    def drift(self):
        """Commands that change rows of ours behind our back."""
        commands = []
        for service in self.rnd.sample(self.services, min(3, len(self.services))):
            for key, port in service.keys():
                kind = self.rnd.randrange(4)
                server = copy.copy(self.rnd.choice(service.servers))
                if kind == 0:
                    commands.append(f"-D {key}")
                elif kind == 1:
                    commands.append(f"-d {key} -r {server.at(port)}")
                elif kind == 2:
                    commands.append(self.spare(service).command(key, port))
                else:
                    server.weight = min(server.weight, 1000) // 2 + 3
                    commands.append("-e" + server.command(key, port)[2:])
        return commands

    def strangers(self):
        """Services of others: some come, some go."""
        commands = []
        for _ in range(self.rnd.randint(0, 2)):
            self.count += 1
            service = Service(self.rnd, "-", self.count)
            service.hosts = [f"fd00:9::{self.count:x}" if service.v6 else f"10.90.{self.count & 255}.1"]
            service.kind, service.group_mark = ("mark", False) if service.mark else ("address", False)
            service.number += 1 << 20
            for _ in range(self.rnd.randint(0, 3)):
                service.servers.append(self.spare(service))
            rows = service.rows()
            if not rows.keys() & self.foreign.keys():
                self.foreign |= rows
                for key, port in service.keys():
                    commands += [service.line(key), *(server.command(key, port) for server in service.servers)]
        services = [key for key in self.foreign if isinstance(key, str)]
        if len(services) > 4:
            gone = self.rnd.choice(services)
            commands.append(f"-D {gone}")
            self.foreign = {row: lines for row, lines in self.foreign.items() if gone not in (row, row[0])}
        return commands

    def yaml(self, resync, socket):
        groups = []
        services = [service.yaml(self.rnd, groups) for service in self.services]
        head = f"global: {{ router_id: lb1, control_socket: {socket}, resync_interval: {resync}s }}"
        if groups:
            groups.insert(0, "virtual_server_groups:")
        return "\n".join([head, *groups, "virtual_servers:", *services])


def write(name, lines):
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


def main(seed, rounds, folder, resync, socket):
    world = World(int(seed))
    world.services = [world.service() for _ in range(8)]
    for number in range(int(rounds)):
        if number == 0:
            before = world.half_right()
        else:
            before = world.drift() if world.rnd.random() < 0.5 else []
            world.change()
        before += world.strangers()
        write(f"{folder}/{number}.before", before)
        write(f"{folder}/{number}.yaml", world.yaml(resync, socket).splitlines())
        rows = (world.wanted() | world.foreign).values()
        write(f"{folder}/{number}.wanted", sorted(line for line, _ in rows))
        write(f"{folder}/{number}.limits", sorted(limits for _, limits in rows if limits))
        print(number, len(world.services), "services,", len(before), "commands of others")


if __name__ == "__main__":
    main(*sys.argv[1:])
