"""Servers that checks-kinds asks, where no program of Debian does what it takes.

usage: servers.py agent PORT FILE        each connection gets what FILE holds
       servers.py udp PORT FILE          echoes while FILE is there, else is silent
       servers.py grpc PORT TLS FILE PEM KEY
                                         grpc.health.v1.Health/Check: FILE has a line SERVICE NUMBER for each service,
                                         "-" for the server as a whole; without FILE there is no such method
       servers.py bad PORT               a server on each of the ports from PORT on, in the order of BAD
"""
import asyncio
import concurrent.futures
import os
import socket
import sys

PAD = b"a" * 65536
HEAD = b"HTTP/1.1 200 OK\r\n"


def frame(kind, flags, stream, payload=b""):
    """A frame of HTTP/2 (RFC 9113, 4.1)."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def endless(first, again):
    async def answer(_, writer):
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
    return answer


def hold(data):
    async def answer(_, writer):
        writer.write(data)
        await asyncio.sleep(3600)
    return answer


def close(data):
    async def answer(reader, writer):
        await reader.read(4096)  # closing before would reset the connection
        writer.write(data)
        await writer.drain()
    return answer


async def trickle(_, writer):
    writer.write(HEAD)
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.1)


NOISE = bytes(range(255, -1, -1)) * 64
BAD = {
    "endless-head": endless(HEAD, b"X-Pad: aaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 2048),
    "endless-line": endless(HEAD + b"X-Pad: ", PAD),
    "endless-body": endless(HEAD + b"\r\n", PAD),
    "endless-chunks": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + PAD + b"\r\n"),
    "endless-informing": endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 2048),
    "short-body": close(HEAD + b"Content-Length: 1000\r\n\r\nshort"),
    "two-lengths": close(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "wrong-length": close(HEAD + b"Content-Length: -1\r\n\r\nab"),
    "wrong-chunk": close(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "nothing": hold(b""),
    "closes": close(b""),
    "garbage": close(NOISE),
    "trickle": trickle,
    "half-record": hold(b"\x16\x03\x03\x40\x00" + NOISE[:100]),
    "endless-records": endless(b"", b"\x16\x03\x03\x40\x00" + PAD[:16384]),
    "endless-settings": endless(b"", frame(4, 0, 0) * 2048),
    "endless-pings": endless(frame(4, 0, 0), frame(6, 0, 0, PAD[:8]) * 2048),
    "endless-continuation": endless(frame(4, 0, 0) + frame(1, 0, 1, b"\x88"), frame(9, 0, 1, b"\x00\x01a\x01b") * 2048),
    "endless-greeting": endless(b"", b"220-hello\r\n" * 2048),
    "endless-word": endless(b"", PAD),
    "half-message": hold(b"\xff\xff" + NOISE[:100]),
}


async def bad(first):
    def handler(answer):
        async def handle(reader, writer):
            try:
                await answer(reader, writer)
            except OSError:
                pass  # the client has had enough
            writer.close()
        return handle
    for number, answer in enumerate(BAD.values()):
        await asyncio.start_server(handler(answer), "0.0.0.0", first + number)
    await asyncio.Event().wait()


async def agent(port, file):
    async def handle(_, writer):
        with open(file, "rb") as answer:
            writer.write(answer.read())
        writer.close()
    server = await asyncio.start_server(handle, "0.0.0.0", port)
    await server.serve_forever()


def udp(port, file):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", port))
        while True:
            data, client = server.recvfrom(2048)
            if os.path.exists(file):
                server.sendto(data, client)


def grpc_health(port, tls_port, file, pem, key):
    import grpc  # of python3-grpcio; HealthCheckRequest and Response each have one field, number 1

    def service_of(message):
        return message[2:].decode() or "-"

    def check(service, context):
        with open(file, encoding="utf-8") as lines:
            states = dict(line.split() for line in lines)
        if service not in states:
            context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
        return bytes([8, int(states[service])])

    class Health(grpc.GenericRpcHandler):
        def service(self, details):
            if details.method == "/grpc.health.v1.Health/Check" and os.path.exists(file):
                return grpc.unary_unary_rpc_method_handler(check, service_of, lambda message: message)
            return None

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Health()])
    with open(key, "rb") as keys, open(pem, "rb") as certificates:
        server.add_secure_port(f"0.0.0.0:{tls_port}", grpc.ssl_server_credentials([(keys.read(), certificates.read())]))
    server.add_insecure_port(f"0.0.0.0:{port}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["agent", port, file]:
            asyncio.run(agent(int(port), file))
        case ["udp", port, file]:
            udp(int(port), file)
        case ["grpc", port, tls_port, file, pem, key]:
            grpc_health(int(port), int(tls_port), file, pem, key)
        case ["bad", port]:
            asyncio.run(bad(int(port)))
        case ["bad"]:
            print("\n".join(BAD))
        case _:
            sys.exit(__doc__)
