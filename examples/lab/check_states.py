"""Waits until checks are in the states that are wanted, for the reasons that are wanted; each service has one check.

usage: check_states.py SOCKET SERVICE      prints the state and the weight of its real server
       check_states.py SOCKET LOG SECONDS < WANTS
           WANTS has one line a service, tab-separated: name, state, regular expression for how its last probe ended.
           Asks the daemon's control socket ten times a second, for SECONDS at most, and then reads the daemon's LOG,
           which has to say the same: the last check.result and, unless the state is still what it was at the start,
           the last check.state. Prints a line each, exits 1 if one does not hold.
"""
import json
import re
import socket
import sys
import time


def ask(path, command):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(command.encode() + b"\n")
        with client.makefile(encoding="utf-8") as answer:
            if answer.readline() != "ok\n":
                raise OSError(answer.read().strip())
            return answer.read()


def services(path):
    return json.loads(ask(path, "status json"))["services"]


def states(path):
    """{service: (state, last outcome)}"""
    found = {}
    for service in services(path):
        check = service["real_servers"][0]["checks"][0]
        found[service["name"]] = check["state"], check["last"] or "not probed yet"
    return found


def unquoted(value):
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def logged(path):
    """{service: {event: keys of its last}}"""
    last = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = re.search(r" (check\.(?:state|result)) ", line)
            if event:
                keys = dict(re.findall(r' (\w+)=("(?:[^"\\]|\\.)*"|\S*)', line.split(" | ")[0]))
                last.setdefault(keys["vs"], {})[event[1]] = {key: unquoted(value) for key, value in keys.items()}
    return last


def differs(want, found, events):
    """What of the log contradicts it; empty when nothing does."""
    _, state, reason = want
    result, change = events.get("check.result"), events.get("check.state")
    if result is None:
        return "the log has no check.result"
    if not re.fullmatch(reason, result["why"]):
        return "the log's check.result says: " + result["why"]
    if change is not None and change["to"] != state:
        return "the log's check.state says " + change["to"]
    if change is None and state != "DOWN":
        return "the log has no check.state"
    return ""


def tell(path, name):
    server = next(service for service in services(path) if service["name"] == name)["real_servers"][0]
    print(server["state"], server["current_weight"])


def main(path, log, seconds):
    wants = [line.rstrip("\n").split("\t") for line in sys.stdin]
    until = time.monotonic() + float(seconds)
    while True:
        found = states(path)
        missing = [name for name, state, reason in wants
                   if name not in found or found[name][0] != state or not re.fullmatch(reason, found[name][1])]
        if not missing or time.monotonic() > until:
            break
        time.sleep(0.1)
    time.sleep(0.1)  # the log is written by a thread of its own
    events = logged(log)
    failures = 0
    for want in wants:
        name, state, reason = want
        is_state, is_reason = found.get(name, ("absent", ""))
        problem = f"wanted {state}, {reason}" if name in missing else differs(want, found, events.get(name, {}))
        failures += bool(problem)
        print(f"         {'FAILED' if problem else 'ok':7} {name}: {is_state}, {is_reason}"
              + (f" ({problem})" if problem else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        tell(*sys.argv[1:])
    else:
        sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 4 else __doc__)
