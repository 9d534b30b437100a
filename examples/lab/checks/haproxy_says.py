"""What HAProxy says of the server rs1: UP, DOWN, DRAIN or MAINT, and its weight.

usage: haproxy_says.py SOCKET
"""
import csv
import socket
import sys

with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    client.sendall(b"show stat\n")
    with client.makefile(encoding="utf-8") as answer:
        for row in csv.DictReader(answer):
            if row["svname"] == "rs1":
                print(row["status"].split()[0], row["weight"])
