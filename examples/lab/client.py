"""Asks a virtual service for a page at a steady pace, and tells what came of it.

usage: client.py run URL FILE [--every MS] [--timeout S]
           One request every MS (50), each on a connection of its own and given up after S (1) seconds. Requests
           overlap, so one that hangs does not stop the stream. Until SIGTERM or SIGINT. FILE gets one line a
           request, as it ends: start (wall clock, us since 1970), duration (us), ok|lost, server or reason,
           how late (us) the client itself was in starting it.
       client.py report FILE STEPS SUMMARY
           STEPS has one line a step: start (us), name. Writes SUMMARY (JSON) and prints, tab-separated, one line a
           step and a last one named "all": name, sent, lost, longest gap (ms), latest start (ms), answers a server,
           reasons of the lost.

A gap is the time between the starts of two successive requests that were answered. It belongs to the step that its
middle falls into, a request to the step that it started in.
"""
import asyncio
import collections
import json
import signal
import sys
import time
import urllib.parse

NOTABLE_GAP_US = 300_000


async def ask(host, port, path):
    """The body of the answer to one GET, or an exception."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        status = head.split(b" ", 2)[1:2]
        if status != [b"200"]:
            raise ConnectionError("no answer" if not status else "status " + status[0].decode())
        return body.decode().strip()
    finally:
        writer.close()


async def record(target, out, timeout_s, late_us):
    start_us, began_ns = time.time_ns() // 1000, time.monotonic_ns()
    try:
        outcome, detail = "ok", await asyncio.wait_for(ask(*target), timeout_s)
    except asyncio.TimeoutError:
        outcome, detail = "lost", "timeout"
    except (OSError, ValueError) as e:
        outcome, detail = "lost", (e.strerror if isinstance(e, OSError) and e.strerror else str(e)) or type(e).__name__
    out.write(f"{start_us}\t{(time.monotonic_ns() - began_ns) // 1000}\t{outcome}\t{detail}\t{late_us}\n")


async def run(url, file, every_ms, timeout_s):
    parts = urllib.parse.urlsplit(url)
    target = parts.hostname, parts.port or 80, parts.path or "/"
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pending = set()  # bounded: timeout / pace requests at most
    with open(file, "w", buffering=1, encoding="utf-8") as out:
        due = loop.time()
        while not stop.is_set():
            late_us = int((loop.time() - due) * 1e6)
            task = asyncio.create_task(record(target, out, timeout_s, late_us))
            pending.add(task)
            task.add_done_callback(pending.discard)
            # The next one is due on the pace; after a stall there is no burst to catch up.
            due = due + every_ms / 1000 if late_us < every_ms * 1000 else loop.time() + every_ms / 1000
            try:
                await asyncio.wait_for(stop.wait(), due - loop.time())
            except asyncio.TimeoutError:
                pass
        if pending:
            await asyncio.wait(pending)


def summary(requests, gaps):
    servers = collections.Counter(detail for _, outcome, detail, _ in requests if outcome == "ok")
    reasons = collections.Counter(detail for _, outcome, detail, _ in requests if outcome == "lost")
    longest = max(gaps, key=lambda gap: gap[1], default=(0, 0))
    return {
        "sent": len(requests),
        "answered": dict(sorted(servers.items())),
        "lost": sum(reasons.values()),
        "lost_why": dict(sorted(reasons.items())),
        "longest_gap_ms": round(longest[1] / 1000, 1),
        "longest_gap_start_us": longest[0],
        "latest_start_ms": round(max((late_us for *_, late_us in requests), default=0) / 1000, 1),
        "gaps": [{"start_us": at, "ms": round(us / 1000, 1)} for at, us in gaps if us > NOTABLE_GAP_US],
    }


def report(file, steps_file, summary_file):
    with open(file, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    requests = sorted((int(row[0]), row[2], row[3], int(row[4])) for row in rows)
    with open(steps_file, encoding="utf-8") as lines:
        steps = [(int(at), name) for at, name in (line.rstrip("\n").split("\t", 1) for line in lines)]
    ok = [start for start, outcome, *_ in requests if outcome == "ok"]
    gaps = [(a, b - a) for a, b in zip(ok, ok[1:])]
    if requests and requests[-1][0] > (ok[-1] if ok else 0):  # nothing answered to the end: that is a gap, too
        last_ok = ok[-1] if ok else requests[0][0]
        gaps.append((last_ok, requests[-1][0] - last_ok))
    parts = []
    ends = [at for at, _ in steps[1:]] + [sys.maxsize]
    for (at, name), end in zip(steps, ends):
        parts.append((name, summary([r for r in requests if at <= r[0] < end],
                                    [g for g in gaps if at <= g[0] + g[1] // 2 < end])))
    parts.append(("all", summary(requests, gaps)))
    with open(summary_file, "w", encoding="utf-8") as out:
        json.dump(parts[-1][1] | {"steps": dict(parts[:-1])}, out, indent=1)
    for name, s in parts:
        servers = " ".join(f"{server}={n}" for server, n in s["answered"].items()) or "-"
        why = ", ".join(f"{n} {reason}" for reason, n in s["lost_why"].items()) or "-"
        print(name, s["sent"], s["lost"], round(s["longest_gap_ms"]), round(s["latest_start_ms"]), servers, why,
              sep="\t")


def main(args):
    options = {"--every": 50.0, "--timeout": 1.0}
    for name in options:
        if name in args:
            at = args.index(name)
            options[name] = float(args[at + 1])
            del args[at:at + 2]
    if len(args) == 3 and args[0] == "run":
        asyncio.run(run(args[1], args[2], options["--every"], options["--timeout"]))
    elif len(args) == 4 and args[0] == "report":
        report(*args[1:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
