"""What scenarios of VRRP ask of records, and the packets that no director sends.

vrrp.py spans OUT FROM_US VIP...
    For each VIP "VIP GAP_MS OVERLAP_MS": the longest times since FROM_US (microseconds since 1970) without a holder and
    with two, by what the kernels told `ip -ts monitor address` (OUT/lbN.addr) and without the machines that are out
    (OUT/machines.tsv).
vrrp.py frames PCAP 2|3|ah|6|na|arp
    The packets (from the IP header on) of a capture: VRRP of this version over IPv4, version 2 in an authentication
    header, version 3 over IPv6, neighbour advertisements, or its ARP frames: a line of hex each. What no two senders
    have alike is zero: identification and checksum of the IPv4 header, the flow label, the hop limit of unicast (which
    keepalived leaves at 64), sequence number and check value of an authentication header.
vrrp.py garbage DEVICE SOURCE VRID
    Sends what must be discarded, or answered by nothing; prints "KIND COUNT" of each sort.
"""
import datetime
import os
import random
import re
import socket
import struct
import sys
import time

GROUP = "224.0.0.18"


def events(out, vip):
    """(microseconds, order, node, fact, bool) of one VIP: fact is "held" or "out"."""
    found = []
    pattern = re.compile(r"^\[(\S+)\] (Deleted )?\d+: \S+ +inet6? " + re.escape(vip) + "/")
    for node in ("lb1", "lb2"):
        with open(os.path.join(out, node + ".addr"), encoding="ascii") as lines:
            for line in lines:
                match = pattern.match(line)
                if match:
                    at = datetime.datetime.fromisoformat(match[1]).replace(tzinfo=datetime.timezone.utc)
                    us = round(at.timestamp() * 1e6)
                    found.append((us, node, "held", match[2] is None))
    machines = os.path.join(out, "machines.tsv")
    if os.path.exists(machines):
        with open(machines, encoding="ascii") as lines:
            for line in lines:
                us, node, what = line.split()
                found.append((int(us), node, "out", what == "out"))
    return sorted(found, key=lambda event: event[0])


def spans(out, from_us, *vips):
    now_us = time.time_ns() // 1000
    for vip in vips:
        held, away = set(), set()
        longest = {0: 0, 2: 0}      # by number of holders
        since, before = int(from_us), None
        for us, node, fact, value in events(out, vip) + [(now_us, "", "end", True)]:
            number = len(held - away)
            if us > since:
                if number != before:
                    begun = since
                    before = number
                if number in longest:
                    longest[number] = max(longest[number], us - begun)
                since = us
            the_set = {"held": held, "out": away, "end": set()}[fact]
            (the_set.add if value else the_set.discard)(node)
        print(vip, *(f"{longest[number] / 1000:.1f}" for number in (0, 2)))


def packets(path):
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack(order + "IIII", data[at:at + 16])[2]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def frames(path, what):
    for frame in packets(path):
        kind = struct.unpack("!H", frame[12:14])[0]
        packet = bytearray(frame[14:])
        if kind == 0x0806 and what == "arp":
            print(frame.hex())
        elif kind == 0x0800:
            del packet[struct.unpack("!H", packet[2:4])[0]:]
            packet[4:6] = packet[10:12] = b"\0\0"
            header = (packet[0] & 15) * 4
            if packet[9] == 51 and what == "ah":
                packet[header + 8:header + 24] = bytes(16)
                print(packet.hex())
            elif packet[9] == 112 and what == str(packet[header] >> 4):
                print(packet.hex())
        elif kind == 0x86dd and (packet[6], what) in ((112, "6"), (58, "na")):
            packet[1] &= 0xf0
            packet[2:4] = b"\0\0"
            if packet[24] != 0xff:
                packet[7] = 0
            print(packet.hex())


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def advert(source, vrid, version=3, priority=200, kind=1, count=1, interval=20, bad_sum=0):
    """A VRRP message as RFC 9568 has it, unless told otherwise, for 10.9.0.50."""
    body = struct.pack("!BBBBHH", version << 4 | kind, vrid, priority, count, interval, 0)
    body += socket.inet_aton("10.9.0.50") * min(count, 1)
    if version == 2:
        body += bytes(8)
        pseudo = b""
    else:
        pseudo = socket.inet_aton(source) + socket.inet_aton(GROUP) + struct.pack("!BBH", 0, 112, len(body))
    total = checksum(pseudo + body) ^ bad_sum
    return body[:6] + struct.pack("!H", total) + body[8:]


def garbage(device, source, vrid):
    """Priority 200: each of these would end the reign of a master of less, were it believed."""
    vrid = int(vrid)
    link = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(source))
    chance = random.Random(112)

    def send(name, times, make, ttl=255, to=GROUP):
        link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, ttl)
        link.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        for _ in range(times):
            link.sendto(make(), (to, 0))
            time.sleep(0.002)
        print(name, times, flush=True)

    send("checksum", 20, lambda: advert(source, vrid, bad_sum=0x0101))
    send("ttl", 20, lambda: advert(source, vrid), ttl=254)
    send("version", 20, lambda: advert(source, vrid, version=2, interval=1))
    send("version", 5, lambda: bytes([0x71]) + advert(source, vrid)[1:])
    send("type", 20, lambda: advert(source, vrid, kind=2))
    send("address_count", 20, lambda: advert(source, vrid, count=0))
    send("interval", 20, lambda: advert(source, vrid, interval=0))
    send("length", 20, lambda: advert(source, vrid, count=9))
    send("cast", 20, lambda: unicast_advert(source, vrid, sys.argv[5]), to=sys.argv[5])
    send("unknown_vrid", 20, lambda: advert(source, vrid + 1))
    send("truncated", 20, lambda: bytes([0x31, vrid, 200]))
    send("random", 500, lambda: chance.randbytes(chance.randrange(0, 64)))
    send("random_head", 500, lambda: bytes([0x31, vrid]) + chance.randbytes(chance.randrange(0, 64)))
    send("large", 5, lambda: chance.randbytes(1480))


def unicast_advert(source, vrid, to):
    body = advert(source, vrid)
    pseudo = socket.inet_aton(source) + socket.inet_aton(to) + struct.pack("!BBH", 0, 112, len(body))
    zeroed = body[:6] + b"\0\0" + body[8:]
    return body[:6] + struct.pack("!H", checksum(pseudo + zeroed)) + body[8:]


if __name__ == "__main__":
    command = {"spans": spans, "frames": frames, "garbage": lambda *a: garbage(*a[:3])}[sys.argv[1]]
    command(*sys.argv[2:])
