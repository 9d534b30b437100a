"""A client that asks a VIP who holds it each millisecond, and the one that answers.

usage: probe.py ask VIP OUTPUT     until SIGTERM. OUTPUT: ANSWER records, one for each good answer (one that came within
                                   GOOD_NS), and one with the holder LATE for each time that the client itself was late
       probe.py answer NUMBER      until SIGTERM: tells whoever asks that it is NUMBER (1..255)
Times are CLOCK_MONOTONIC, which all network namespaces of a machine share.
"""
import os
import select
import signal
import socket
import struct
import sys
import time

PORT = 5112
PACE_NS = 1_000_000
GOOD_NS = 10_000_000
LATE_NS = 2_000_000
LATE = 0
QUESTION = struct.Struct("=QQ")          # number of the probe, when it was sent
ANSWER = struct.Struct("=QQQB7x")        # number, when sent, ns until the answer (LATE: lateness), holder
CLIENT_PRIORITY = 40                     # above the directors: the client measures them


def real_time(priority):
    """Before all normal work, where this machine permits it: without, a busy machine is measured, not a director. What
    this process starts is scheduled as usual."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(priority))
    except PermissionError:
        print("probe.py: no real-time scheduling here: a busy machine shows in the figures", file=sys.stderr)


def answer(number):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("0.0.0.0", PORT))
    me = bytes([number])
    while True:
        question, sender = udp.recvfrom(64)
        try:
            udp.sendto(question + me, sender)
        except OSError:
            pass                         # its cable is out


def ask(vip, output):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setblocking(False)
    running = True

    def stop(*_):
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    out = os.open(output, os.O_WRONLY | os.O_APPEND)
    number, due = 0, time.monotonic_ns()
    while running:
        wait = due - time.monotonic_ns()
        if wait > 0:
            if select.select([udp], [], [], wait / 1e9)[0]:
                receive(udp, out)
            continue
        now = time.monotonic_ns()
        if now - due > LATE_NS:
            os.write(out, ANSWER.pack(number, now, now - due, LATE))
            due = now                    # no burst after a stall
        due += PACE_NS
        number += 1
        try:
            udp.sendto(QUESTION.pack(number, now), (vip, PORT))
        except OSError:
            pass                         # nobody answers ARP for it


def receive(udp, out):
    try:
        while True:
            data = udp.recv(64)
            number, sent = QUESTION.unpack_from(data)
            took = time.monotonic_ns() - sent
            if took < GOOD_NS:
                os.write(out, ANSWER.pack(number, sent, took, data[QUESTION.size]))
    except OSError:
        pass                             # nothing more, or an ICMP error


if __name__ == "__main__":
    real_time(CLIENT_PRIORITY)
    if sys.argv[1] == "answer":
        answer(int(sys.argv[2]))
    else:
        ask(sys.argv[2], sys.argv[3])
