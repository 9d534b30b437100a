"""arping.py INTERFACE ADDRESS: asks by ARP who has ADDRESS, 200 times a second, and prints a line for each answer."""
import socket
import sys
import time

interface, address = sys.argv[1:]
with open(f"/sys/class/net/{interface}/address", encoding="ascii") as file:
    mac = bytes.fromhex(file.read().strip().replace(":", ""))
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
link.bind((interface, 0x0806))
link.settimeout(0.005)
wanted = socket.inet_aton(address)
# RFC 826; the sender's address 0.0.0.0 is a probe (RFC 5227): nobody learns from it
request = (b"\xff" * 6 + mac + b"\x08\x06" + b"\x00\x01\x08\x00\x06\x04\x00\x01" + mac + bytes(4) + bytes(6) + wanted)
while True:
    until = time.monotonic() + 0.005
    link.send(request)
    while time.monotonic() < until:
        try:
            packet = link.recv(100)
        except TimeoutError:
            break
        if packet[20:22] == b"\x00\x02" and packet[28:32] == wanted:
            print(packet[22:28].hex(":"), flush=True)
