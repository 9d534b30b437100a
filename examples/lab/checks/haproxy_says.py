"""What HAProxy says of the server rs1: UP, DOWN, DRAIN or MAINT, and its weight; nothing while it is not there.

usage: haproxy_says.py SOCKET
"""
import csv
import socket
import sys


def main(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
        except OSError:
            return
        client.sendall(b"show stat\n")
        with client.makefile(encoding="utf-8") as answer:
            for row in csv.DictReader(answer):
                if row["svname"] == "rs1":
                    print(row["status"].split()[0], row["weight"])


if __name__ == "__main__":
    main(sys.argv[1])
