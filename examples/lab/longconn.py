"""One TCP connection that lives long: shows whether a director keeps it.

usage: longconn.py serve PORT
           Sends back what it hears.
       longconn.py hold HOST PORT FILE
           Sends a line each 100 ms on one connection and waits for it to come back; FILE gets one line for each: wall
           clock (us since 1970), round trip (us). Ends at SIGTERM, or with "lost" and the reason in FILE's last line.
       longconn.py feed PORT
           Sends blocks of 1 kB, one each 50 ms, each with its number, until the other side has closed.
       longconn.py fetch HOST PORT FILE
           Takes those on one connection and looks whether each is the next one, whole; FILE gets one line for each:
           wall clock (us since 1970), number. Ends as hold does.
"""
import contextlib
import socket
import socketserver
import sys
import time

PATIENCE_S = 20
BLOCK = 1024


def block(number):
    return (b"%d " % number).ljust(BLOCK - 1, b"%d" % (number % 10)) + b"\n"


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Feed(socketserver.BaseRequestHandler):
    def handle(self):
        number = 0
        with contextlib.suppress(OSError):  # the other side has gone
            while True:
                number += 1
                self.request.sendall(block(number))
                self.request.settimeout(0.05)
                with contextlib.suppress(socket.timeout):
                    if not self.request.recv(1):
                        return
                self.request.settimeout(None)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def connect(talk, host, port, file):
    with open(file, "w", buffering=1, encoding="utf-8") as out:
        try:
            with socket.create_connection((host, int(port)), PATIENCE_S) as connection:
                talk(connection, connection.makefile("rb"), out)
        except OSError as e:
            out.write(f"lost\t{e}\n")


def hold(connection, answers, out):
    number = 0
    while True:
        number += 1
        start_us = time.time_ns() // 1000
        connection.sendall(b"%d\n" % number)
        if answers.readline() != b"%d\n" % number:
            raise OSError("not what was sent")
        out.write(f"{start_us}\t{time.time_ns() // 1000 - start_us}\n")
        time.sleep(0.1)


def fetch(_, blocks, out):
    number = 0
    while True:
        number += 1
        found = blocks.read(BLOCK)
        if found != block(number):
            raise OSError(f"not block {number}: {found[:20]!r}" if found else f"closed after block {number - 1}")
        out.write(f"{time.time_ns() // 1000}\t{number}\n")


if __name__ == "__main__":
    servers, clients = {"serve": Echo, "feed": Feed}, {"hold": hold, "fetch": fetch}
    if len(sys.argv) == 3 and sys.argv[1] in servers:
        Server(("0.0.0.0", int(sys.argv[2])), servers[sys.argv[1]]).serve_forever()
    elif len(sys.argv) == 5 and sys.argv[1] in clients:
        connect(clients[sys.argv[1]], *sys.argv[2:])
    else:
        sys.exit(__doc__)
