"""One TCP connection that lives long: shows whether a director keeps it.

usage: longconn.py serve PORT
           Sends back what it hears.
       longconn.py hold HOST PORT FILE
           Sends a line each 100 ms on one connection and waits for it to come back; FILE gets one line for each: wall
           clock (us since 1970), round trip (us). Ends at SIGTERM, or with "lost" and the reason in FILE's last line.
"""
import socket
import socketserver
import sys
import time

PATIENCE_S = 10


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def hold(host, port, file):
    with open(file, "w", buffering=1, encoding="utf-8") as out:
        try:
            with socket.create_connection((host, int(port)), PATIENCE_S) as connection:
                answers = connection.makefile("rb")
                number = 0
                while True:
                    number += 1
                    start_us = time.time_ns() // 1000
                    connection.sendall(b"%d\n" % number)
                    if answers.readline() != b"%d\n" % number:
                        raise OSError("not what was sent")
                    out.write(f"{start_us}\t{time.time_ns() // 1000 - start_us}\n")
                    time.sleep(0.1)
        except OSError as e:
            out.write(f"lost\t{e}\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"] and len(sys.argv) == 3:
        Server(("0.0.0.0", int(sys.argv[2])), Echo).serve_forever()
    elif sys.argv[1:2] == ["hold"] and len(sys.argv) == 5:
        hold(*sys.argv[2:])
    else:
        sys.exit(__doc__)
