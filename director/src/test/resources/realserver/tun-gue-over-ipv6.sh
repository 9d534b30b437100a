#!/bin/sh
# Makes this host a real server of LVS-TUN for 192.0.2.100, 2001:db8::100.
# Run it as root, as often as you like: what is so already is left as it is.
(
set -e

# Answer ARP only for addresses of the interface that is asked: not for the VIP.
case $(cat /proc/sys/net/ipv4/conf/all/arp_ignore) in 1|2|8) ;; *) echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore ;; esac

# Ask by ARP with an address of the interface, never with the VIP as the sender's.
case $(cat /proc/sys/net/ipv4/conf/all/arp_announce) in 2) ;; *) echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce ;; esac

# The kernel's module that unwraps UDP.
ip fou show >/dev/null 2>&1 || modprobe fou

# Packets to this UDP port are unwrapped.
ip -6 fou show 2>/dev/null | grep -q 'port 6080 gue -6' || ip -6 fou add port 6080 gue

# The kernel's module makes the device that takes tunnelled packets from any director.
ip link show dev ip6tnl0 >/dev/null 2>&1 || modprobe ip6_tunnel

# Some hosts and most containers have it made by hand (fb_tunnels_only_for_init_net).
ip link show dev ip6tnl0 >/dev/null 2>&1 || ip link add ip6tnl0 type ip6tnl

# It takes only IPv6 inside by itself: IPv4 as well.
ip -d -o link show dev ip6tnl0 2>/dev/null | grep -q 'ip6tnl any ' || ip -6 tunnel change ip6tnl0 mode any

# A client's address is not reached by the tunnel: 2 takes such packets, if the device has an
# address (the VIP). The kernel takes the greater of this and all.
case $(cat /proc/sys/net/ipv4/conf/ip6tnl0/rp_filter) in 2) ;; *) echo 2 >/proc/sys/net/ipv4/conf/ip6tnl0/rp_filter ;; esac

# The device works only when it is up.
ip -o link show dev ip6tnl0 2>/dev/null | grep -q '[<,]UP[,>]' || ip link set ip6tnl0 up

# The VIP, for this host alone (a shorter prefix would make the whole network local).
ip -o addr show dev ip6tnl0 to 192.0.2.100/32 2>/dev/null | grep -q ' 192.0.2.100/32 ' || ip addr add 192.0.2.100/32 dev ip6tnl0

# The VIP; neighbours are told of addresses of their own interface only. Deprecated (preferred_lft
# 0), so that nothing is sent from it by choice.
ip -o addr show dev ip6tnl0 to 2001:db8::100/128 2>/dev/null | grep -q ' 2001:db8::100/128 ' || ip -6 addr add 2001:db8::100/128 dev ip6tnl0 nodad preferred_lft 0

)

# To take it back, in this order, unless something else needs it:
#   ip -6 addr del 2001:db8::100/128 dev ip6tnl0
#   ip addr del 192.0.2.100/32 dev ip6tnl0
#   ip link set ip6tnl0 down
#   echo BEFORE >/proc/sys/net/ipv4/conf/ip6tnl0/rp_filter    # what it was
#   ip -6 tunnel change ip6tnl0 mode ip6ip6
#   ip link del ip6tnl0
#   ip -6 fou del port 6080
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_announce    # what it was
#   echo BEFORE >/proc/sys/net/ipv4/conf/all/arp_ignore    # what it was
