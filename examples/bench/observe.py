"""Writes down what a host of the segment sees of a virtual router: adverts, ARP for the VIP, and answers of the VIP to
an ICMP echo request each PACE_S. One line a frame: time from the kernel (microseconds since 1970), kind, sender,
detail; tab-separated.

usage: observe.py VIP OUTPUT    until SIGTERM; needs root; looks at eth0
"""
import os
import select
import signal
import socket
import struct
import sys
import time

PACE_S = 0.005
SO_TIMESTAMPNS = 35          # asm-generic/socket.h; as ancillary data a struct timespec
ETH_P_ALL, ETH_P_IP, ETH_P_ARP = 0x0003, 0x0800, 0x0806
PROTO_ICMP, PROTO_VRRP = 1, 112
ECHO_REPLY, ECHO_REQUEST = 0, 8


def described(frame, vip):
    """(kind, sender, detail) of a frame that matters, else None. Frames are those that this kernel delivered."""
    kind = struct.unpack_from("!H", frame, 12)[0] if len(frame) >= 34 else 0
    if kind == ETH_P_ARP and len(frame) >= 42 and frame[28:32] == vip:
        return "arp", frame[22:28].hex(":"), "request" if frame[21] == 1 else "reply"
    if kind != ETH_P_IP:
        return None
    payload = 14 + 4 * (frame[14] & 15)
    if frame[23] == PROTO_VRRP and len(frame) >= payload + 8:
        return "advert", socket.inet_ntoa(frame[26:30]), str(frame[payload + 2])
    if frame[23] == PROTO_ICMP and frame[26:30] == vip and len(frame) > payload and frame[payload] == ECHO_REPLY:
        return "answer", frame[6:12].hex(":"), "-"
    return None


def received_us(ancillary):
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("ll", data)
            return seconds * 1_000_000 + nanoseconds // 1000
    raise RuntimeError("the kernel gives no receive time")


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def echo_request(sequence):
    header = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, os.getpid() & 0xffff, sequence & 0xffff)
    return header[:2] + struct.pack("!H", checksum(header)) + header[4:]


def main(vip_text, output):
    vip = socket.inet_aton(vip_text)
    segment = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    segment.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    segment.bind(("eth0", ETH_P_ALL))
    pinger = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    pinger.setblocking(False)
    pinger.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)    # answers are taken from the segment
    running = True

    def stop(*_):
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    sequence, due = 0, time.monotonic()
    with open(output, "w", encoding="ascii", buffering=1) as lines:
        while running:
            wait = due - time.monotonic()
            if wait <= 0:
                try:
                    pinger.sendto(echo_request(sequence), (vip_text, 0))
                except OSError:
                    pass                                         # nobody answers ARP for it now
                sequence += 1
                due = max(due + PACE_S, time.monotonic())        # no burst after a stall
                continue
            if not select.select([segment], [], [], wait)[0]:
                continue
            frame, ancillary, _, sender = segment.recvmsg(2048, 64)
            found = None if sender[2] == socket.PACKET_OUTGOING else described(frame, vip)
            if found:
                print(received_us(ancillary), *found, sep="\t", file=lines)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
