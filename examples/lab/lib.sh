# Functions for scenarios: one way to do each thing. Sourced by a scenario, which runs as root where the network may be
# changed freely (see run-inside). Times are in seconds; the nodes are client, lb1, lb2, rs1, rs2. LAB_IPVS is yes where
# the scenario needs IPVS: only then have the directors' configurations a virtual server.
# shellcheck shell=bash
set -u

VIP=10.9.0.50
declare -A ADDRESS=([client]=10.9.0.100 [lb1]=10.9.0.1 [lb2]=10.9.0.2 [rs1]=10.9.0.11 [rs2]=10.9.0.12)
declare -A PRIORITY=([lb1]=150 [lb2]=100)
declare -A KIND=([lb1]=$LAB_LB1 [lb2]=$LAB_LB2)
declare -A PID=()            # of what runs now: lb1, lb2, rs1, rs2, client
VIPD=$LAB_REPO/packaging/target/vipd/bin/vipd
# For a question or two to the daemon: without the start-up cache. Where page faults cost a hundredfold, as in the embedded
# kernel, mapping its 30 MB takes longer than doing without.
ASK=(env VIPD_AOT=-Xshare:auto "$VIPD")
FAILED=0
WAITED=0                     # how long the last wait_for took

# --- telling

START_US=${EPOCHREALTIME/./}
elapsed() { local us=$((${EPOCHREALTIME/./} - START_US)); printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10)); }
say() { printf '[%5ss] %s\n' "$(elapsed)" "$*"; }
note() { printf '         %s\n' "$*"; }
ok() { printf '         ok      %s\n' "$*"; }
fail() { FAILED=$((FAILED + 1)); printf '         FAILED  %s\n' "$*"; }

# check TEXT COMMAND...: one fact that has to hold now.
check() { local text=$1; shift; if "$@"; then ok "$text"; else fail "$text"; fi; }

# step NAME TEXT: begins a part of the story; the client's report is split by them.
step() { printf '%s\t%s\n' "${EPOCHREALTIME/./}" "$1" >> "$LAB_OUT/steps.tsv"; shift; say "$*"; }

# wait_for SECONDS TEXT COMMAND...: until it holds, looking five times a second. Sets WAITED. Fails after SECONDS.
wait_for() {
  local limit_us=$(($1 * 1000000)) text=$2 from_us=${EPOCHREALTIME/./} us=0
  shift 2
  until "$@"; do
    us=$((${EPOCHREALTIME/./} - from_us))
    if [ $us -gt $limit_us ]; then
      WAITED=$((us / 1000000)).0
      fail "$text: not within $((limit_us / 1000000)) s"
      return 1
    fi
    sleep 0.2
  done
  us=$((${EPOCHREALTIME/./} - from_us))
  WAITED=$((us / 1000000)).$((us / 100000 % 10))
  ok "$text (after $WAITED s)"
}

# finish: the last line of a scenario.
finish() {
  if [ $FAILED = 0 ]; then say "passed"; exit 0; fi
  say "FAILED: $FAILED of the facts above do not hold"
  exit 1
}

# Nothing that a scenario started outlives it. Directors have children and a process group.
end_all() {
  local node
  for node in "${!PID[@]}"; do
    case $node in
      lb*) kill -KILL -- "-${PID[$node]}" ;;
      *) kill -KILL "${PID[$node]}" ;;
    esac
  done 2>/dev/null
}
trap end_all EXIT
trap 'exit 143' TERM INT

# skip REASON: this scenario cannot run here after all.
skip() { echo "lab: $*"; exit 77; }

# --- the network

# NODE COMMAND... A program for the background is started with `ip netns exec` itself, so that $! is its own pid.
in_ns() { ip netns exec "$@"; }

add_node() {   # NODE
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip link set "$1" master br0 up
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 addrgenmode none 2>/dev/null    # fails in a kernel without IPv6
  ip -n "$1" link set eth0 up
  number_node "$1"
}

# number_node NODE: its addresses, those of IPv6 at once, without duplicate detection
number_node() {
  local number=${ADDRESS[$1]##*.}
  ip -n "$1" addr add "${ADDRESS[$1]}/24" dev eth0
  [ -e /proc/net/if_inet6 ] || return 0
  ip -n "$1" addr add "fe80::$number/64" dev eth0 nodad
  ip -n "$1" addr add "2001:db8:9::$number/64" dev eth0 nodad
}

# topology: client, two directors and two real servers for LVS-DR on one bridge.
topology() {
  local node
  ip link add br0 type bridge mcast_snooping 0
  ip link set br0 up
  for node in client lb1 lb2 rs1 rs2; do add_node $node; done
  for node in rs1 rs2; do
    # A real server takes packets for the VIP but never answers ARP for it: it has the VIP on lo.
    in_ns $node sh -c 'cd /proc/sys/net/ipv4/conf/all && echo 1 > arp_ignore && echo 2 > arp_announce'
    ip -n $node addr add $VIP/32 dev lo
  done
}

pull_cable() { ip link set "$1" down; }      # NODE: its port of the bridge
plug_cable() { ip link set "$1" up; }
has_vip() { [ -n "$(ip -n "$1" -o addr show dev eth0 to $VIP/32)" ]; }
has_no_vip() { ! has_vip "$1"; }

# --- real servers

# The client measures and the servers are measured through: they go before all else, since the embedded kernel has one
# CPU, which a starting director would take from them.
FIRST=(nice -n -10)
start_server() {     # NODE: what TMP/NODE.ails says is wrong with its /health, if it is there, see realserver.py
  ip netns exec "$1" "${FIRST[@]}" python3 "$LAB_DIR/realserver.py" "$1" 80 "$LAB_TMP/$1.ails" &
  PID[$1]=$!
}
kill_server() { kill -KILL "${PID[$1]}"; wait "${PID[$1]}" 2>/dev/null; unset "PID[$1]"; }
answers() { [ "$(in_ns client curl -s -m 1 "http://${ADDRESS[$1]}/health")" = ok ]; }

# --- directors

# Each line of a program that stamps none, or only whole seconds, with the time it was read: RFC 3339, UTC, us.
stamp() {
  local line now
  while IFS= read -r line; do
    now=$EPOCHREALTIME
    printf '%(%Y-%m-%dT%H:%M:%S)T.%sZ %s\n' "${now%.*}" "${now#*.}" "$line"
  done
}

vipd_config() {   # DIRECTOR
  cat <<EOF
global:
  router_id: $1
  control_socket: $LAB_TMP/$1.sock
vrrp_instances:
  VI_1:
    interface: eth0
    virtual_router_id: 51
    priority: ${PRIORITY[$1]}
    version: 3
    advert_int: 1s
    virtual_ipaddress: [ $VIP/24 ]
EOF
  [ "$LAB_IPVS" = yes ] || return 0
  cat <<EOF
virtual_servers:
  web:
    address: $VIP:80
    protocol: tcp
    lb_algo: rr
    lb_kind: DR
    delay_loop: 1s
    real_servers:
      - { address: ${ADDRESS[rs1]}:80, checks: [ { http: { path: /health } } ] }
      - { address: ${ADDRESS[rs2]}:80, checks: [ { http: { path: /health } } ] }
EOF
}

keepalived_config() {   # DIRECTOR
  cat <<EOF
global_defs {
    router_id $1
    vrrp_version 3
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${PRIORITY[$1]}
    advert_int 1
    virtual_ipaddress {
        $VIP/24
    }
}
EOF
  [ "$LAB_IPVS" = yes ] || return 0
  cat <<EOF
virtual_server $VIP 80 {
    protocol TCP
    lb_algo rr
    lb_kind DR
    delay_loop 1
EOF
  local rs
  for rs in rs1 rs2; do
    cat <<EOF
    real_server ${ADDRESS[$rs]} 80 {
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 1
            retry 1
            delay_before_retry 1
        }
    }
EOF
  done
  echo '}'
}

# start_director DIRECTOR: of the kind that --lb1, --lb2 said, with a /run and a process group of its own, and with a
# /var/lib of its own that outlives it (TMP/lbN.lib). Its log is OUT/lbN.log, appended to over restarts. A configuration that is there (OUT/lbN.yaml, .conf) is used, so that a
# scenario may write its own.
start_director() {
  local lb=$1 config log=$LAB_OUT/$1.log only=()
  [ "$LAB_IPVS" = yes ] || only=(--vrrp)
  # shellcheck disable=SC2016  # the inner shell expands
  local own_run=(setsid unshare --mount sh -c
    'mount -t tmpfs run /run && mount --bind "$0" /var/lib && exec "$@"' "$LAB_TMP/$lb.lib")
  mkdir -p "$LAB_TMP/$lb.lib"
  case ${KIND[$lb]} in
    vipd)
      config=$LAB_OUT/$lb.yaml
      [ -e "$config" ] || vipd_config "$lb" > "$config"
      ip netns exec "$lb" "${own_run[@]}" "$VIPD" run -c "$config" >> "$log" 2>> "$LAB_OUT/$lb.err" &
      ;;
    keepalived)
      config=$LAB_OUT/$lb.conf
      [ -e "$config" ] || keepalived_config "$lb" > "$config"
      ip netns exec "$lb" "${own_run[@]}" keepalived -nlD -f "$config" -p /run/keepalived.pid -r /run/vrrp.pid \
        -c /run/checkers.pid "${only[@]}" > >(stamp >> "$log") 2>&1 &
      ;;
  esac
  PID[$lb]=$!
}

# stop_director DIRECTOR: as an operator does, waiting until it is gone.
stop_director() {
  kill -TERM "${PID[$1]}" 2>/dev/null || fail "$1 had ended by itself, see $1.log"
  wait_for 15 "$1 has stopped" gone "${PID[$1]}"
  unset "PID[$1]"
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# kill_director DIRECTOR: SIGKILL to the program and its children, at once. Its kernel keeps what it had been told:
# address and IPVS table stay.
kill_director() {
  kill -KILL -- "-${PID[$1]}" 2>/dev/null || fail "$1 had ended by itself, see $1.log"
  wait "${PID[$1]}" 2>/dev/null
  unset "PID[$1]"
}

# kill_machine DIRECTOR: as if its power went. The cable goes with it, since the kernel of a killed program would go on
# answering for the VIP. boot_machine brings it back with a kernel that knows nothing.
kill_machine() { kill_director "$1"; pull_cable "$1"; }
boot_machine() {
  ip -n "$1" addr flush dev eth0
  ip -n "$1" link delete type macvlan 2>/dev/null
  number_node "$1"
  [ "$LAB_IPVS" = no ] || in_ns "$1" ipvsadm -C
  plug_cable "$1"
  start_director "$1"
}

# --- the IPVS table

resident() {   # DIRECTOR: memory of its processes together, MiB
  local pid kb=0
  for pid in $(ip netns pids "$1"); do
    if grep -qE 'java|vipd|keepalived' "/proc/$pid/comm" 2>/dev/null; then
      kb=$((kb + $(awk '/VmRSS/ {print $2}' "/proc/$pid/status")))
    fi
  done
  echo $((kb / 1024))
}
show_status() {   # DIRECTOR: what vipd says of itself
  [ "${KIND[$1]}" = vipd ] || return 0
  in_ns "$1" "${ASK[@]}" status --socket "$LAB_TMP/$1.sock" | sed '/./s/^/         /'
}
table() { in_ns "$1" ipvsadm -Sn; }          # DIRECTOR: its kernel's table
in_table() { table "$1" | grep -q -- "-a -t $VIP:80 -r ${ADDRESS[$2]}:80 "; }      # DIRECTOR SERVER
not_in_table() { ! in_table "$@"; }

# compare_table DIRECTOR: what a vipd says of its kernel's table, against the kernel.
compare_table() {
  [ "${KIND[$1]}" = vipd ] && [ -n "${PID[$1]-}" ] || return 0
  table "$1" > "$LAB_TMP/$1.table"
  if ! "${ASK[@]}" status --json --socket "$LAB_TMP/$1.sock" > "$LAB_TMP/$1.status" 2> "$LAB_TMP/$1.error"; then
    fail "$1: vipd status: $(tail -n 1 "$LAB_TMP/$1.error")"
    return
  fi
  local differences
  if differences=$(python3 "$LAB_DIR/compare_table.py" "$LAB_TMP/$1.table" "$LAB_TMP/$1.status" 2>&1); then
    ok "$1: vipd status and ipvsadm agree"
  else
    fail "$1: vipd status and ipvsadm differ: ${differences//$'\n'/; }"
  fi
}
compare_tables() { compare_table lb1; compare_table lb2; }

# --- the client

start_client() {     # [OPTION...] of client.py
  ip netns exec client "${FIRST[@]}" python3 "$LAB_DIR/client.py" run "http://$VIP/" "$LAB_OUT/client.tsv" "$@" &
  PID[client]=$!
}

# served_since MICROSECONDS: was a request answered that began after it?
served_since() {
  [ -s "$LAB_OUT/client.tsv" ] && tail -n 40 "$LAB_OUT/client.tsv" |
    awk -v since="$1" '$1 > since && $3 == "ok" { found = 1 } END { exit !found }'
}

# stop_client: and splits what it saw by step (its name, or "all") into SENT, LOST, GAP_MS, LATE_MS, SERVERS, WHY_LOST.
declare -A SENT=() LOST=() GAP_MS=() LATE_MS=() SERVERS=() WHY_LOST=()
STEPS=()
stop_client() {
  kill -TERM "${PID[client]}"
  wait_for 10 "the client has stopped" gone "${PID[client]}"
  unset "PID[client]"
  local name sent lost gap_ms late_ms servers why
  while IFS=$'\t' read -r name sent lost gap_ms late_ms servers why; do
    SENT[$name]=$sent LOST[$name]=$lost GAP_MS[$name]=$gap_ms LATE_MS[$name]=$late_ms SERVERS[$name]=$servers
    WHY_LOST[$name]=$why
    STEPS+=("$name")
  done < <(python3 "$LAB_DIR/client.py" report "$LAB_OUT/client.tsv" "$LAB_OUT/steps.tsv" "$LAB_OUT/client.json")
  [ "${#STEPS[@]}" -gt 0 ] || fail "the client left no report"
}

client_report() {
  local name
  printf '         %-12s %5s %5s %12s %12s  %s\n' step sent lost 'longest gap' 'client late' 'answered by'
  for name in "${STEPS[@]}"; do
    printf '         %-12s %5d %5d %9d ms %9d ms  %s\n' "$name" "${SENT[$name]}" "${LOST[$name]}" "${GAP_MS[$name]}" \
      "${LATE_MS[$name]}" "${SERVERS[$name]}"
  done
}

# check_gap STEP BOUND_MS WHY: the client's longest gap in it. A client that was itself held up by a busy machine cannot
# have measured better than that.
check_gap() {
  local late=$((LATE_MS[$1] > 50 ? LATE_MS[$1] : 0)) extra=
  [ $late = 0 ] || extra=" + $late ms that the client was late"
  check "$1: longest gap ${GAP_MS[$1]} ms, at most $2 ms ($3)$extra" [ "${GAP_MS[$1]}" -le $(($2 + late)) ]
}

# check_few_lost STEP: at most 3. The client gives a request up after a second, which is when TCP first repeats a SYN, so
# one lost packet is one lost request. Now and then a quiet step here loses two, with vipd and with keepalived; the cause
# is not known. A machine so busy that the client was held up may lose more on its own account.
check_few_lost() {
  local because=
  [ "${LOST[$1]}" = 0 ] || because=" (${LOST[$1]}: ${WHY_LOST[$1]})"
  if [ "${LOST[$1]}" -gt 3 ] && [ "${LATE_MS[$1]}" -gt 300 ]; then
    note "?       $1: ${LOST[$1]} lost, not judged: the machine held the client itself up for ${LATE_MS[$1]} ms"
  else
    check "$1: at most 3 requests lost${because}" [ "${LOST[$1]}" -le 3 ]
  fi
}
