#!/bin/sh
# Makes this host a real server of LVS-DR for 192.0.2.100, 2001:db8::100.
# Run it as root, as often as you like: what is so already is left as it is.
(
set -e

# Answer ARP only for addresses of the interface that is asked: not for the VIP.
case $(cat /proc/sys/net/ipv4/conf/all/arp_ignore) in 1|2|8) ;; *) echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore ;; esac

# Ask by ARP with an address of the interface, never with the VIP as the sender's.
case $(cat /proc/sys/net/ipv4/conf/all/arp_announce) in 2) ;; *) echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce ;; esac

# The VIP, for this host alone (a shorter prefix would make the whole network local).
ip -o addr show dev lo to 192.0.2.100/32 2>/dev/null | grep -q ' 192.0.2.100/32 ' || ip addr add 192.0.2.100/32 dev lo

# The VIP; neighbours are told of addresses of their own interface only. Deprecated (preferred_lft
# 0), so that nothing is sent from it by choice.
ip -o addr show dev lo to 2001:db8::100/128 2>/dev/null | grep -q ' 2001:db8::100/128 ' || ip -6 addr add 2001:db8::100/128 dev lo nodad preferred_lft 0

)

# To take it back, in this order, unless something else needs it:
#   ip -6 addr del 2001:db8::100/128 dev lo
#   ip addr del 192.0.2.100/32 dev lo
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_announce    # what it was
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_ignore    # what it was
