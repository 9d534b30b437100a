"""Asks services in many ways, and answers for them, so that each answer tells who gave it and what it had seen.

usage: traffic.py serve NAME PORT...
           Answers on these ports by TCP, UDP and, where the kernel has it, SCTP, over IPv4 and IPv6: one line
           "NAME OWN-ADDRESS OWN-PORT PEER-ADDRESS PEER-PORT OCTETS", for a line or datagram that was sent.
       traffic.py ask FLOWS
           FLOWS has one line a flow: name, protocol, address, port, number of questions. With tcp and sctp each is a
           connection of its own, the last of which sends 100 kB first; with udp all come from one port. All flows go
           at once. Prints one line for each, tab-separated: name, questions that were answered, those that failed
           and why, servers as "rs1=5 rs2=5", own addresses and ports as seen by the servers, "same" where they saw
           the client's own address and port and "other" where not.
"""
import collections
import concurrent.futures
import socket
import struct
import sys
import threading

PATIENCE_S = 5
UPLOAD = 100_000
SCTP = 132
IP_PKTINFO = 8  # python has no name for it
FAMILIES = (socket.AF_INET, socket.AF_INET6)


def plain(address):
    return address[0].partition("%")[0].removeprefix("::ffff:"), address[1]


def answer(name, own, peer, octets):
    return " ".join(map(str, (name, *own, *peer, octets))).encode() + b"\n"


def serve_stream(name, listener):
    def talk(connection):
        with connection:
            connection.settimeout(PATIENCE_S)
            octets, last = 0, b""
            try:
                while not last.endswith(b"\n"):
                    last = connection.recv(65536)
                    octets += len(last)
                    if not last:
                        return
                connection.sendall(answer(name, plain(connection.getsockname()), plain(connection.getpeername()),
                                          octets))
                connection.recv(1)  # until the client has closed
            except OSError:
                pass  # the client has gone

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def serve_datagrams(name, own_socket, family, port):
    """Answers from the address that was asked, which the kernel has to be told."""
    level, kind = (socket.IPPROTO_IP, IP_PKTINFO) if family == socket.AF_INET else \
        (socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO)
    own_socket.setsockopt(level, kind, 1)
    while True:
        data, infos, _, peer = own_socket.recvmsg(2048, 256)
        info = infos[0][2]
        if family == socket.AF_INET:  # struct in_pktinfo: int ifindex, local address, address of the header
            packed, reply = info[8:12], struct.pack("i4s4s", 0, info[8:12], bytes(4))
            cmsg = level, IP_PKTINFO, reply
        else:  # struct in6_pktinfo: address of the header, int ifindex
            packed = info[:16]
            cmsg = level, socket.IPV6_PKTINFO, struct.pack("16si", packed, 0)
        own = socket.inet_ntop(family, packed), port
        try:
            own_socket.sendmsg([answer(name, own, plain(peer), len(data))], [cmsg], 0, peer)
        except OSError as e:
            print(f"{name}: answer to {peer}: {e}", file=sys.stderr)


def listen(family, kind, protocol, port):
    own_socket = socket.socket(family, kind, protocol)
    if family == socket.AF_INET6:
        own_socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if kind == socket.SOCK_STREAM:
        own_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own_socket.bind(("", port))
    if kind == socket.SOCK_STREAM:
        own_socket.listen(128)
    return own_socket


def serve(name, ports):
    for family in FAMILIES:
        for port in map(int, ports):
            streams = [listen(family, socket.SOCK_STREAM, 0, port)]
            try:
                streams.append(listen(family, socket.SOCK_STREAM, SCTP, port))
            except OSError:
                pass  # a kernel without it
            for stream in streams:
                threading.Thread(target=serve_stream, args=(name, stream), daemon=True).start()
            datagrams = listen(family, socket.SOCK_DGRAM, 0, port)
            threading.Thread(target=serve_datagrams, args=(name, datagrams, family, port), daemon=True).start()
    print("serving", flush=True)
    threading.Event().wait()


def ask_stream(protocol, address, port, octets):
    """One connection: what was answered, and the client's address and port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, SCTP if protocol == "sctp" else 0) as own:
        own.settimeout(PATIENCE_S)
        own.connect((address, port))
        own.sendall(b"." * octets + b"\n")
        return own.recv(2048), plain(own.getsockname())


def questions(protocol, address, port, number):
    """What was answered to each question, and the client's address and port, or the error."""
    if protocol != "udp":
        for at in range(number):
            try:
                yield ask_stream(protocol, address, port, UPLOAD if at == number - 1 else 0)
            except OSError as e:
                yield b"", e
        return
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(1)
        own.connect((address, port))  # nobody else's answer is heard
        for _ in range(number):
            try:
                own.send(b".\n")
                yield own.recv(2048), plain(own.getsockname())
            except OSError as e:
                yield b"", e


def flow(line):
    name, protocol, address, port, number = line.split()
    servers, owns, peers, failures, answered = collections.Counter(), set(), set(), set(), 0
    for data, own in questions(protocol, address, int(port), int(number)):
        words = data.decode().split()
        if len(words) != 6:
            failures.add(str(own) if isinstance(own, OSError) else "no answer")
            continue
        answered += 1
        servers[words[0]] += 1
        owns.add(" ".join(words[1:3]))
        peers.add("same" if words[3:5] == list(map(str, own)) else "other")
    failed = f"{int(number) - answered}" + (f" ({', '.join(sorted(failures))})" if failures else "")
    return "\t".join((name, str(answered), failed, " ".join(f"{s}={n}" for s, n in sorted(servers.items())) or "-",
                      ", ".join(sorted(owns)) or "-", " ".join(sorted(peers)) or "-"))


def ask(file):
    with open(file, encoding="utf-8") as lines:
        flows = [line for line in lines if line.strip()]
    with concurrent.futures.ThreadPoolExecutor(len(flows)) as pool:
        for line in pool.map(flow, flows):
            print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] == "serve":
        serve(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) == 3 and sys.argv[1] == "ask":
        ask(sys.argv[2])
    else:
        sys.exit(__doc__)
