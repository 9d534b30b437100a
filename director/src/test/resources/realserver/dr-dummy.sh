#!/bin/sh
# Makes this host a real server of LVS-DR for 192.0.2.100.
# Run it as root, as often as you like: what is so already is left as it is.
(
set -e

# Answer ARP only for addresses of the interface that is asked: not for the VIP.
case $(cat /proc/sys/net/ipv4/conf/all/arp_ignore) in 1|2|8) ;; *) echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore ;; esac

# Ask by ARP with an address of the interface, never with the VIP as the sender's.
case $(cat /proc/sys/net/ipv4/conf/all/arp_announce) in 2) ;; *) echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce ;; esac

# A device that has no cable, for the VIP.
ip -d -o link show dev vip0 2>/dev/null | grep -q ' dummy ' || ip link add vip0 type dummy

# The device works only when it is up.
ip -o link show dev vip0 2>/dev/null | grep -q '[<,]UP[,>]' || ip link set vip0 up

# The VIP, for this host alone (a shorter prefix would make the whole network local).
ip -o addr show dev vip0 to 192.0.2.100/32 2>/dev/null | grep -q ' 192.0.2.100/32 ' || ip addr add 192.0.2.100/32 dev vip0

)

# To take it back, in this order, unless something else needs it:
#   ip addr del 192.0.2.100/32 dev vip0
#   ip link set vip0 down
#   ip link del vip0
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_announce    # what it was
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_ignore    # what it was
