"""A real server: answers every path with its own name, and /health with "ok". /long takes 6 seconds.

usage: realserver.py NAME [PORT [FILE]]
           FILE may say what ails its /health: "sick" (503), "slow" (a byte each second).
"""
import socketserver
import sys
import time

HEAD = b"HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
LONG_S = 6


def ailment():
    try:
        with open(sys.argv[3], encoding="utf-8") as file:
            return file.read().strip()
    except (IndexError, OSError):
        return ""


class Handler(socketserver.StreamRequestHandler):
    timeout = 5  # s, for a client that connects and says nothing

    def handle(self):
        try:
            request = self.rfile.readline(4096).split()
            while self.rfile.readline(4096).strip():
                pass  # the head has to be read to its end: closing before would reset the connection
            self.answer(request[1] if len(request) > 1 else b"")
        except OSError:
            pass  # the client has gone

    def answer(self, path):
        name = f"{sys.argv[1]}\n".encode()
        if path == b"/health" and ailment() == "sick":
            self.wfile.write(HEAD % (b"503 Service Unavailable", 0))
        elif path == b"/health" and ailment() == "slow":
            self.slowly(b"ok\n" * 10, 1)
        elif path == b"/long":
            self.slowly(b"+" * LONG_S + name, 1, len(name))
        else:
            body = b"ok\n" if path == b"/health" else name
            self.wfile.write(HEAD % (b"200 OK", len(body)) + body)

    def slowly(self, body, pause_s, rest=0):
        self.wfile.write(HEAD % (b"200 OK", len(body)))
        for at in range(len(body) - rest):
            self.wfile.write(body[at:at + 1])
            time.sleep(pause_s)
        self.wfile.write(body[len(body) - rest:])


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Server(("0.0.0.0", int(sys.argv[2]) if len(sys.argv) > 2 else 80), Handler).serve_forever()
