"""A real server: answers every path with its own name, and /health with "ok".

usage: realserver.py NAME [PORT]
"""
import socketserver
import sys


class Handler(socketserver.StreamRequestHandler):
    timeout = 5  # s, for a client that connects and says nothing

    def handle(self):
        try:
            request = self.rfile.readline(4096).split()
            while self.rfile.readline(4096).strip():
                pass  # the head has to be read to its end: closing before would reset the connection
            path = request[1] if len(request) > 1 else b""
            body = b"ok\n" if path == b"/health" else f"{sys.argv[1]}\n".encode()
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                             % (len(body), body))
        except OSError:
            pass  # the client has gone


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Server(("0.0.0.0", int(sys.argv[2]) if len(sys.argv) > 2 else 80), Handler).serve_forever()
