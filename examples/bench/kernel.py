"""What a measurement asks of the kernel by netlink and packet sockets, in any of the rig's network namespaces: it takes
microseconds, where starting `ip` takes milliseconds. Times are CLOCK_MONOTONIC, in ns."""
import ctypes
import os
import select
import socket
import struct
import threading
import time

NETLINK_ROUTE = 0
RTM_NEWLINK, RTM_NEWADDR, RTM_DELADDR = 16, 20, 21
RTMGRP_IPV4_IFADDR = 0x10
NLM_F_REQUEST = 1
IFF_UP = 1
IFA_LOCAL = 2
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35                 # asm-generic/socket.h; as ancillary data a struct timespec of the wall clock
ETH_P_ARP = 0x0806
CLONE_NEWNET = 0x40000000
BUFFER_BYTES = 16 << 20             # for the burst of 255 instances that move
LIBC = ctypes.CDLL(None, use_errno=True)


def within(namespace, action):
    """Calls action in the namespace. Sockets that it opens stay there."""
    back = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + namespace, os.O_RDONLY)
    try:
        enter(there)
        return action()
    finally:
        enter(back)
        os.close(there)
        os.close(back)


def enter(namespace_fd):
    if LIBC.setns(namespace_fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def route_socket(groups=0):
    route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    route.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    route.bind((0, groups))
    return route


def arp_socket():
    arp = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP))
    arp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    arp.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    arp.bind(("eth0", ETH_P_ARP))
    arp.setblocking(False)
    return arp


class Cables:
    """The bridge's ports: pulled or plugged."""

    def __init__(self, nodes):
        self.route = route_socket()
        self.ports = {node: socket.if_nametoindex(node) for node in nodes}

    def set(self, node, plugged):
        body = struct.pack("=BBHiII", 0, 0, 0, self.ports[node], IFF_UP if plugged else 0, IFF_UP)
        self.route.send(struct.pack("=IHHII", 16 + len(body), RTM_NEWLINK, NLM_F_REQUEST, 1, 0) + body)


class Addresses:
    """Which of the nodes has which address on its eth0, from when to when, as their kernels tell."""

    def __init__(self, nodes):
        self.sockets = {within(node, lambda: route_socket(RTMGRP_IPV4_IFADDR)): node for node in nodes}
        self.control = {node: within(node, route_socket) for node in nodes}
        self.index = {node: within(node, lambda: socket.if_nametoindex("eth0")) for node in nodes}
        self.lock = threading.Lock()
        self.changes = []                # (ns, node, address, held)
        self.held = {node: set() for node in nodes}
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while True:
            for route in select.select(list(self.sockets), [], [])[0]:
                data, now = route.recv(1 << 16), time.monotonic_ns()
                with self.lock:
                    for held, address in messages(data):
                        self.note(now, self.sockets[route], address, held)

    def note(self, now, node, address, held):
        if (address in self.held[node]) != held:     # a renewed lease is told of too
            (self.held[node].add if held else self.held[node].discard)(address)
            self.changes.append((now, node, address, held))

    def since(self, from_ns):
        with self.lock:
            return [change for change in self.changes if change[0] >= from_ns]

    def both_ms(self, address, from_ns, to_ns=None):
        """For how long, in all, more than one node had the address."""
        total, holders, before = 0, set(), from_ns
        end = time.monotonic_ns() if to_ns is None else to_ns
        for ns, node, changed, held in self.since(0) + [(end, "", "", False)]:
            upto = min(max(ns, from_ns), end)
            total += upto - before if len(holders) > 1 else 0
            before = upto
            if changed == address:
                (holders.add if held else holders.discard)(node)
        return total / 1e6

    def forget(self):
        """What happened until now; what is held stays known."""
        with self.lock:
            self.changes = [(0, node, address, True) for node, held in self.held.items() for address in held]

    def delete(self, node, address):
        body = struct.pack("=BBBBI", socket.AF_INET, 24, 0, 0, self.index[node])
        body += struct.pack("=HH4s", 8, IFA_LOCAL, socket.inet_aton(address))
        header = struct.pack("=IHHII", 16 + len(body), RTM_DELADDR, NLM_F_REQUEST, 1, 0)
        self.control[node].send(header + body)


def messages(data):
    """(added, address) of each notification in a datagram."""
    at = 0
    while at + 16 <= len(data):
        size, kind = struct.unpack_from("=IH", data, at)
        attribute = at + 24
        while kind in (RTM_NEWADDR, RTM_DELADDR) and attribute + 4 <= at + size:
            length, name = struct.unpack_from("=HH", data, attribute)
            if name == IFA_LOCAL:
                yield kind == RTM_NEWADDR, socket.inet_ntoa(data[attribute + 4:attribute + 8])
            attribute += max(4, (length + 3) & ~3)
        at += max(16, (size + 3) & ~3)


def first_arp_ns(arp):
    """When this segment first heard ARP from each address, since it was last asked; wall clock."""
    first = {}
    try:
        while True:
            frame, ancillary, _, sender = arp.recvmsg(64, 64)
            if sender[2] != socket.PACKET_OUTGOING:
                seconds, nanoseconds = struct.unpack("ll", ancillary[0][2])
                first.setdefault(socket.inet_ntoa(frame[28:32]), seconds * 10**9 + nanoseconds)
    except BlockingIOError:
        return first
