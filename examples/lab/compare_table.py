"""Compares the kernel's IPVS table with what the daemon says is in it; prints each difference, exits 1 if there is one.

usage: compare_table.py IPVSADM_SN STATUS_JSON    (files with the output of `ipvsadm -Sn` and `vipd status --json`)
"""
import json
import sys

METHODS = {"-g": "DR", "-m": "NAT", "-i": "TUN"}


def service_key(flag, text, ipv6):
    """As in the status: `tcp:10.9.0.50:80`, `fwmark:7`, `fwmark:7:inet6`."""
    if flag == "-f":
        return f"fwmark:{int(text) % 2**32}" + (":inet6" if ipv6 else "")     # ipvsadm takes it for a signed number
    return {"-t": "tcp", "-u": "udp", "--sctp-service": "sctp"}[flag] + ":" + text


def kernel(lines):
    """{service: scheduler}, {(service, address): (method, weight)} from lines like
    `-A -t 10.9.0.50:80 -s rr` and `-a -t 10.9.0.50:80 -r 10.9.0.11:80 -g -w 1`."""
    services, destinations = {}, {}
    for words in filter(None, map(str.split, lines)):
        key = service_key(words[1], words[2], "-6" in words)
        if words[0] == "-A":
            services[key] = words[words.index("-s") + 1]
        else:
            method = next(METHODS[word] for word in words if word in METHODS)
            destinations[key, words[words.index("-r") + 1]] = method, int(words[words.index("-w") + 1])
    return services, destinations


def daemon(status):
    services, destinations = {}, {}
    for service in status["ipvs"]["services"]:
        services[service["key"]] = service["scheduler"]
        for dest in service["destinations"]:
            destinations[service["key"], dest["address"]] = dest["method"], int(dest["weight"])
    return services, destinations


def main(table_file, status_file):
    with open(table_file, encoding="utf-8") as table, open(status_file, encoding="utf-8") as status:
        pairs = list(zip(kernel(table), daemon(json.load(status))))
    differences = [f"{key}: kernel {ours.get(key, 'absent')}, status {theirs.get(key, 'absent')}"
                   for ours, theirs in pairs for key in sorted(ours.keys() | theirs.keys())
                   if ours.get(key) != theirs.get(key)]
    print("\n".join(differences))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
