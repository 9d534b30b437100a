# Functions for the scenario of all kinds of check: one vipd, lb1, whose services have one real server with one check
# each, and real servers of every kind on rs1. Sourced after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2153

LOG=$LAB_OUT/lb1.log
SOCKET=$LAB_TMP/lb1.sock
RS=${ADDRESS[rs1]}
SIDE=10.9.1.11               # rs1 on a cable of its own from lb1's eth1
WEB=$LAB_TMP/web             # folder of the servers
NAMES=()                     # of all services
PORT=1000                    # of the last service
touch "$LOG"

# --- the network: lb1 and rs1 on a bridge, and a cable between their eth1, which is no route's choice

network() {
  local node
  ip link add br0 type bridge mcast_snooping 0
  ip link set br0 up
  for node in lb1 rs1; do add_node $node; done
  ip -n lb1 link add eth1 type veth peer name eth1 netns rs1
  ip -n rs1 addr add $SIDE/24 dev eth1
  ip -n rs1 link set eth1 up
  ip -n rs1 addr add 192.0.2.5/32 dev lo
  ip -n rs1 addr add 10.9.0.20/24 dev eth0
  ip -n rs1 addr add 2001:db8:9::20/64 dev eth0 nodad
  in_ns rs1 sysctl -qw net.ipv4.icmp_ratelimit=0
  side_up
  far_up
}
side_up() {
  ip -n lb1 link set eth1 up
  ip -n lb1 addr add 10.9.1.1/24 dev eth1
  ip -n lb1 addr add 10.9.1.2/24 dev eth1
  ip -n lb1 route replace $SIDE/32 via "$RS" dev eth0
}
far_up() { ip -n lb1 route add 192.0.2.5/32 via "$RS"; }

# --- real servers

launch() {           # NAME NODE COMMAND...: in the background, its output in OUT/NAME.out
  local name=$1 node=$2
  shift 2
  ip netns exec "$node" "$@" > "$LAB_OUT/$name.out" 2>&1 &
  PID[$name]=$!
}
ended() {            # NAME...
  local name
  for name in "$@"; do
    kill -KILL "${PID[$name]}" && wait "${PID[$name]}"
    unset "PID[$name]"
  done 2>/dev/null
}
put() { printf '%b' "$2" > "$WEB/$1.new" && mv "$WEB/$1.new" "$WEB/$1"; }     # FILE TEXT: at once

# exim wants a user of its own, which here only the scenario has.
prepare_exim() {
  { cat /etc/passwd; echo 'Debian-exim:x:4501:4501::/nonexistent:/bin/false'; } > "$LAB_TMP/passwd"
  { cat /etc/group; echo 'Debian-exim:x:4501:'; } > "$LAB_TMP/group"
  mount --bind "$LAB_TMP/passwd" /etc/passwd
  mount --bind "$LAB_TMP/group" /etc/group
  cat > "$WEB/exim.conf" <<EOF
primary_hostname = mail.lab
exim_user = root
exim_group = root
never_users =
keep_environment =
spool_directory = $WEB/spool
log_file_path = $WEB/exim.%slog
pid_file_path = $WEB/exim.pid
daemon_smtp_ports = 25 : 26
local_interfaces = 0.0.0.0
tls_advertise_hosts = \${if eq{\$received_port}{25}{*}{}}
tls_certificate = $WEB/certs/good.pem
tls_privatekey = $WEB/certs/good.key
EOF
}

prepare_servers() {
  mkdir -p "$WEB/www" "$WEB/certs"
  cp "$LAB_DIR/checks/nginx.conf" "$WEB"
  "$LAB_DIR/checks/certificates" "$WEB/certs"
  head -c 100000 /dev/zero | tr '\0' x > "$WEB/www/slow.txt"
  prepare_exim
  cat > "$WEB/haproxy.cfg" <<EOF
global
  stats socket $WEB/haproxy.sock
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
backend web
  server rs1 $RS:80 weight 100 check inter 200ms agent-check agent-port 9999 agent-inter 200ms
EOF
}

# python3 with grpc, which the host has only where it was unpacked
grpc_python() {
  local lib=${LAB_TOOLS-}/usr/lib
  launch grpc rs1 env LD_LIBRARY_PATH="$lib/x86_64-linux-gnu" PYTHONPATH="$lib/python3/dist-packages" python3 "$@"
}

start_servers() {
  launch nginx rs1 nginx -p "$WEB/" -c "$WEB/nginx.conf"
  launch dnsmasq rs1 dnsmasq --no-daemon --conf-file=/dev/null --user=root --no-resolv --no-hosts --port=53 \
    --local=/lab/ --host-record=a.lab,10.9.0.21,2001:db8::21 \
    --mx-host=lab,mail.lab,10 --txt-record=t.lab,hello --cname=c.lab,a.lab
  launch exim rs1 exim4 -C "$WEB/exim.conf" -bdf
  launch redis rs1 redis-server --port 6379 --save '' --appendonly no --protected-mode no
  grpc_python "$LAB_DIR/checks/servers.py" grpc 50051 50052 "$WEB/grpc" "$WEB/certs/good.pem" "$WEB/certs/good.key"
  launch udp rs1 python3 "$LAB_DIR/checks/servers.py" udp 7 "$WEB/echo"
  launch agent rs1 python3 "$LAB_DIR/checks/servers.py" agent 9999 "$WEB/agent"
}
ALL_SERVERS=(nginx dnsmasq exim redis grpc udp agent)
listens() { ip netns exec rs1 ss -Hltn "sport = :$1" | grep -q . ; }          # PORT
all_listen() {
  local port
  for port in 80 53 25 6379 50051 9999; do listens $port || return 1; done
}

# --- vipd

# probe NAME ADDRESS CHECK: a service with one real server, of WEIGHT (1), and one check
probe() {
  local vip=10.9.0.50
  [[ $2 != \[* ]] || vip='[2001:db8:9::50]'
  PORT=$((PORT + 1))
  NAMES+=("$1")
  cat >> "$LAB_OUT/lb1.yaml" <<EOF
  $1:
    <<TIMING>>
    address: "$vip:$PORT"
    real_servers: [ { address: "$2", weight: ${WEIGHT:-1}, checks: [ { $3 } ] } ]
EOF
}
begin_config() {
  cat > "$LAB_OUT/lb1.yaml" <<EOF
global: { router_id: lb1, control_socket: $SOCKET, script_user: nobody }
virtual_servers:
EOF
}
end_config() {
  local keys=("lb_kind: NAT" "delay_loop: ${LOOP_MS}ms" "timeout: $LIMIT" "connect_timeout: $LIMIT" "retry: 0"
    "alpha: true")
  sed -i "s/<<TIMING>>/$(printf '%s\\n    ' "${keys[@]}")/" "$LAB_OUT/lb1.yaml"
}

start_vipd() {       # it has no IPVS here, so a dry run: it probes and judges, and only says what it would change
  # shellcheck disable=SC2016  # the inner shell expands
  ip netns exec lb1 setsid unshare --mount sh -c 'mount -t tmpfs run /run && exec "$@"' director \
    "$VIPD" run --dry-run -c "$LAB_OUT/lb1.yaml" >> "$LOG" 2>> "$LAB_OUT/lb1.err" &
  PID[lb1]=$!
  wait_for 40 "lb1 is ready" grep -q ' daemon.ready ' "$LOG"
}
resident_mb() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/${PID[lb1]}/status"; }

# want NAME STATE REGEX: what settle waits for. The expression is for how the last probe ended.
WANTS=()
want() { WANTS+=("$1"$'\t'"$2"$'\t'"$3"); }
wants() {            # STATE REGEX NAME...
  local state=$1 regex=$2 name
  shift 2
  for name in "$@"; do want "$name" "$state" "$regex"; done
}
# settle SECONDS: until status has all that is wanted, and the log says the same
settle() {
  printf '%s\n' "${WANTS[@]}" | python3 "$LAB_DIR/check_states.py" "$SOCKET" "$LOG" "$1" > "$LAB_TMP/settled"
  cat "$LAB_TMP/settled"
  FAILED=$((FAILED + $(grep -c '^ *FAILED' "$LAB_TMP/settled")))
  [ -s "$LAB_TMP/settled" ] || fail "vipd does not say how its checks are"
  WANTS=()
}
