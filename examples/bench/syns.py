"""Notes when a host sends the first packet of each TCP connection: to whom, and at what time by its kernel. The kernel
writes them to a ring in memory that is read only afterwards, so that looking on takes no CPU from what is looked at.
That is how the benchmark of checks learns when probes start: from neither program's own word."""
import ctypes
import itertools
import mmap
import socket
import struct
import time

from kernel import within
from rig import NoFigure

SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION = 263, 5, 6, 10
TPACKET_V2, TP_STATUS_USER = 1, 1
SO_ATTACH_FILTER = 26
ETH_P_ALL, ETH_P_IP = 0x0003, 0x0800    # only who asks for all is given what goes out
FRAME_BYTES, BLOCK_BYTES = 128, 1 << 16  # a frame holds the kernel's header of 66 bytes, Ethernet, IPv4 and TCP
SNAP_BYTES = 54
# IPv4 without options, TCP, SYN and not ACK; as Linux' classic BPF: code, jump if true, if false, operand
SYN_FILTER = (
    (0x28, 0, 0, 12), (0x15, 0, 6, ETH_P_IP),
    (0x30, 0, 0, 23), (0x15, 0, 4, socket.IPPROTO_TCP),
    (0x30, 0, 0, 47), (0x54, 0, 0, 0x12), (0x15, 0, 1, 0x02),
    (0x6, 0, 0, SNAP_BYTES),
    (0x6, 0, 0, 0),
)
NOTHING_FILTER = SYN_FILTER[-1:]


class Syns:
    """Begins to note on eth0 of a namespace; up to so many."""

    def __init__(self, namespace, count_max):
        blocks = -(-count_max * FRAME_BYTES // BLOCK_BYTES)
        self.frames = blocks * (BLOCK_BYTES // FRAME_BYTES)
        self.packet = within(namespace, lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
        self.let_in(SYN_FILTER)
        self.packet.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        self.packet.setsockopt(SOL_PACKET, PACKET_RX_RING,
                               struct.pack("=IIII", BLOCK_BYTES, blocks, FRAME_BYTES, self.frames))
        self.ring = mmap.mmap(self.packet.fileno(), blocks * BLOCK_BYTES)
        within(namespace, lambda: self.packet.bind(("eth0", ETH_P_ALL)))

    def let_in(self, instructions):
        code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in instructions))
        program = struct.pack("HL", len(instructions), ctypes.addressof(code))
        self.packet.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)

    def end(self):
        """Stops. (when, address) of each connection, in the order of time, CLOCK_MONOTONIC in ns; an address is an int.
        A SYN that was sent again does not count."""
        self.let_in(NOTHING_FILTER)
        wall_ahead_ns = time.time_ns() - time.monotonic_ns()
        found, seen = [], set()
        for at in range(0, self.frames * FRAME_BYTES, FRAME_BYTES):
            status, _, _, mac, _, seconds, nanoseconds = struct.unpack_from("=IIIHHII", self.ring, at)
            if not status & TP_STATUS_USER:
                break
            address, port, _, number = struct.unpack_from("!IHHI", self.ring, at + mac + 30)
            if (address, port, number) not in seen:
                seen.add((address, port, number))
                found.append((seconds * 10**9 + nanoseconds - wall_ahead_ns, address))
        lost = struct.unpack("II", self.packet.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        self.ring.close()
        self.packet.close()
        if lost:
            raise NoFigure(f"{lost} packets found no room in the ring")
        return sorted(found)


def intervals_ms(found):
    """{address: [time between two connections to it]}"""
    times = {}
    for at_ns, address in found:
        times.setdefault(address, []).append(at_ns)
    return {address: [(later - sooner) / 1e6 for sooner, later in itertools.pairwise(each)]
            for address, each in times.items()}


def longest_gap_ms(found):
    """The longest time without a connection to anybody."""
    return max(((later - sooner) / 1e6 for (sooner, _), (later, _) in itertools.pairwise(found)), default=float("inf"))
