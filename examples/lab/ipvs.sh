# Functions for scenarios about the IPVS table of one vipd, the director lb1. Sourced after lib.sh; a scenario writes
# OUT/lb1.yaml and starts lb1 itself.
# shellcheck shell=bash

[ "${KIND[lb1]}" = vipd ] || skip "this scenario is about vipd: --lb1 $LAB_LB1 makes no sense here"
LOG=$LAB_OUT/lb1.log
SOCKET=$LAB_TMP/lb1.sock
MARK=0
touch "$LOG"

# --- the log of lb1

mark() { MARK=$(wc -l < "$LOG"); }                          # what follows is about the lines from here on
events() { tail -n "+$((MARK + 1))" "$LOG" | awk -v id="$1" '$3 == id'; }        # ID
has_event() { events "$1" | grep -qE -- "${2-}"; }          # ID [REGEX]
count_is() { [ "$(events "$1" | wc -l)" = "$2" ]; }         # ID NUMBER
start_lb1() { mark; start_director lb1; wait_for 40 "lb1 is ready" has_event daemon.ready; }

# The changes since the mark, one a line: OP VS RS WEIGHT WHY.
ops() { events ipvs.op | sed -E 's/.* op=(\S+) vs=(\S+) rs=(\S+) weight=(\S+) why=(\S+) .*/\1 \2 \3 \4 \5/' | sort; }
# Rows that others changed: VS RS, found, want.
drifts() { events ipvs.drift | sed -E \
  's/.* vs=(\S+) rs=(\S+) found=("[^"]*"|\S+) want=("[^"]*"|\S+) .*/\1 \2 \3 -> \4/' | sort; }

# same TEXT FOUND WANTED: the same lines in any order.
same() {
  local differences
  if differences=$(diff <(printf '%s\n' "$2" | sort) <(printf '%s\n' "$3" | sort)); then ok "$1"; return; fi
  fail "$1; found <, wanted >:"
  printf '%s\n' "$differences" | grep '^[<>]' | sed 's/^/           /'
}
# equal FOUND WANTED: the same lines in any order; for wait_for.
equal() { [ "$(printf '%s\n' "$1" | sort)" = "$(printf '%s\n' "$2" | sort)" ]; }

# --- the kernel's table

ipvs() { in_ns lb1 ipvsadm "$@"; }
rules() { table lb1 | sed 's/ *$//'; }
rules_are() { equal "$(rules)" "$1"; }                      # TEXT
agrees() {   # vipd status and ipvsadm
  local differences
  rules > "$LAB_TMP/table"
  if ! "${ASK[@]}" status --json --socket "$SOCKET" > "$LAB_TMP/status" 2> "$LAB_TMP/error"; then
    fail "vipd status: $(tail -n 1 "$LAB_TMP/error")"
    return
  fi
  if differences=$(python3 "$LAB_DIR/compare_table.py" "$LAB_TMP/table" "$LAB_TMP/status" 2>&1); then
    ok "vipd status and ipvsadm agree"
  else
    fail "vipd status and ipvsadm differ: ${differences//$'\n'/; }"
  fi
}

# quiet SECONDS TEXT: in that time lb1 changes nothing and reports no drift.
quiet() {
  mark
  sleep "$1"
  check "$2: no change, no drift and no sync in $1 s" eval \
    'count_is ipvs.op 0 && count_is ipvs.drift 0 && count_is ipvs.sync 0'
}

hup() {   # TEXT EVENT: SIGHUP and what comes of it
  mark
  kill -HUP "${PID[lb1]}"
  wait_for 10 "$1: $2" has_event "$2"
}

# Nothing that lb1 ever said looks like a crash.
check_no_trace() {
  local traces
  if traces=$(grep -lE 'at dev\.vipd|at java\.|Exception in thread|StackTrace|NullPointer' "$LAB_OUT"/*.err \
    "$LAB_OUT"/*.log \
      "$LAB_OUT"/*.out 2>/dev/null); then
    fail "a stack trace in ${traces//$'\n'/, }"
  else
    ok "no stack trace in any output"
  fi
  check "lb1 said nothing on its standard error" [ ! -s "$LAB_OUT/lb1.err" ]
}

# --- more of the network

# join NODE DEVICE BRIDGE ADDRESS...: one more interface of a node, which may be new. NODE-DEVICE is its port there.
join() {
  local node=$1 device=$2 bridge=$3 address
  shift 3
  if ! ip netns pids "$node" >/dev/null 2>&1; then ip netns add "$node"; ip -n "$node" link set lo up; fi
  [ -e "/sys/class/net/$bridge" ] || { ip link add "$bridge" type bridge mcast_snooping 0; ip link set "$bridge" up; }
  ip link add "$node-$device" type veth peer name "$device" netns "$node"
  ip link set "$node-$device" master "$bridge" up
  ip -n "$node" link set "$device" addrgenmode none up
  for address in "$@"; do
    case $address in
      *:*) ip -n "$node" addr add "$address" dev "$device" nodad ;;
      *) ip -n "$node" addr add "$address" dev "$device" ;;
    esac
  done
}
