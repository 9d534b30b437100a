# Functions for scenarios of VRRP alone: instances of any version side by side on two directors, and what the kernel says
# about who held a VIP from when to when. Sourced after lib.sh. Times are in milliseconds.
# shellcheck shell=bash
# shellcheck disable=SC2153,SC2034

# The instances that both directors run, a line each: NAME VERSION CAST INTERVAL_MS VRID VIP. CAST is multicast or unicast,
# with what else there is to it after a plus: pass or ah (authentication), vmac (VIP and adverts on a macvlan), kvmac (so
# for keepalived only). An instance of IPv6 has fe80::VRID as its first VIP, before the one given.
INSTANCES=()
PASSWORD=s3cr3t
declare -A EXTRA=()          # director: lines for each of its instances, in its own language
declare -A TOP=()            # director: lines before its instances
declare -A INTERVAL=()       # director: interval of all its instances, other than the instances' own
SLACK=400                    # a machine with other work: processes start late, timers run late
FROM_US=0                    # begin of the step that runs
declare -A MARK=()           # director: length of its log at that time

now_us() { echo "${EPOCHREALTIME/./}"; }
other() { [ "$1" = lb1 ] && echo lb2 || echo lb1; }

# pair: two directors on one bridge, with all that their kernels tell of addresses recorded.
pair() {
  local lb
  ip link add br0 type bridge mcast_snooping 0
  ip link set br0 up
  for lb in lb1 lb2; do
    add_node $lb
    ip -n $lb -ts -o monitor address > "$LAB_OUT/$lb.addr" &
    PID[monitor-$lb]=$!
    touch "$LAB_OUT/$lb.log"
  done
}

# begin TEXT: of a step. What is asked of logs and kernels after it is about the time since.
begin() {
  local lb
  for lb in lb1 lb2; do MARK[$lb]=$(wc -l < "$LAB_OUT/$lb.log"); done
  FROM_US=$(now_us)
  say "$*"
}

# --- configurations

# address NODE VIP: of the node, of the VIP's family
address() { [[ $2 != *:* ]] && echo "${ADDRESS[$1]}" || echo "2001:db8:9::${ADDRESS[$1]##*.}"; }

# prefixed VRID VIP SEPARATOR: the VIPs of an instance
prefixed() { [[ $2 != *:* ]] && echo "$2/24" || printf 'fe80::%s/64%s%s/64\n' "$1" "$3" "$2"; }

write_configs() { local lb; for lb in lb1 lb2; do "write_${KIND[$lb]}" $lb; done; }

write_vipd() {       # DIRECTOR
  local lb=$1 line name version cast ms vrid vip
  {
    printf 'global:\n  router_id: %s\n  control_socket: %s\n' "$lb" "$LAB_TMP/$lb.sock"
    [ -z "${TOP[$lb]-}" ] || echo "${TOP[$lb]}"
    echo 'vrrp_instances:'
    for line in "${INSTANCES[@]}"; do
      read -r name version cast ms vrid vip <<< "$line"
      printf '  %s:\n    interface: eth0\n    virtual_router_id: %s\n    priority: %s\n' "$name" "$vrid" "${PRIORITY[$lb]}"
      printf '    version: %s\n    advert_int: %sms\n    virtual_ipaddress: [ %s ]\n' \
        "$version" "${INTERVAL[$lb]:-$ms}" "$(prefixed "$vrid" "$vip" ', ')"
      [[ $cast != unicast* ]] || printf '    unicast_src_ip: "%s"\n    unicast_peer: [ "%s" ]\n' \
        "$(address "$lb" "$vip")" "$(address "$(other "$lb")" "$vip")"
      case +$cast+ in
        *+pass+*) echo "    authentication: { auth_type: PASS, auth_pass: $PASSWORD }" ;;
        *+ah+*) echo "    authentication: { auth_type: AH, auth_pass: $PASSWORD }" ;;
      esac
      [[ +$cast+ != *+vmac+* ]] || echo '    use_vmac: true'
      [ -z "${EXTRA[$lb]-}" ] || echo "    ${EXTRA[$lb]}"
    done
  } > "$LAB_OUT/$lb.yaml"
}

write_keepalived() { # DIRECTOR
  local lb=$1 line name version cast ms vrid vip
  {
    printf 'global_defs {\n    router_id %s\n}\n' "$lb"
    for line in "${INSTANCES[@]}"; do
      read -r name version cast ms vrid vip <<< "$line"
      ms=${INTERVAL[$lb]:-$ms}
      printf 'vrrp_instance %s {\n    state BACKUP\n    interface eth0\n    virtual_router_id %s\n' "$name" "$vrid"
      printf '    priority %s\n    version %s\n    advert_int %d.%02d\n    virtual_ipaddress {\n        %s\n    }\n' \
        "${PRIORITY[$lb]}" "$version" $((ms / 1000)) $((ms % 1000 / 10)) "$(prefixed "$vrid" "$vip" $'\n        ')"
      [[ $cast != unicast* ]] || printf '    unicast_src_ip %s\n    unicast_peer {\n        %s\n    }\n' \
        "$(address "$lb" "$vip")" "$(address "$(other "$lb")" "$vip")"
      case +$cast+ in
        *+pass+*) printf '    authentication {\n        auth_type PASS\n        auth_pass %s\n    }\n' $PASSWORD ;;
        *+ah+*) printf '    authentication {\n        auth_type AH\n        auth_pass %s\n    }\n' $PASSWORD ;;
      esac
      [[ +$cast+ != *vmac+* ]] || echo '    use_vmac'
      [ -z "${EXTRA[$lb]-}" ] || echo "    ${EXTRA[$lb]}"
      echo '}'
    done
  } > "$LAB_OUT/$lb.conf"
}

# --- what holds now

vips() { local line; for line in "${INSTANCES[@]}"; do echo "${line##* }"; done; }
count_held() { ip -n "$1" -o addr show | grep -cFf <(vips | sed 's/.*/ &\//'); }
holds_all() { [ "$(count_held "$1")" = ${#INSTANCES[@]} ]; }
holds_none() { [ "$(count_held "$1")" = 0 ]; }
sole_holder() { holds_all "$1" && holds_none "$(other "$1")"; }

# logged DIRECTOR PATTERN...: each is in its log, since the step began
logged() {
  local lb=$1 pattern
  shift
  for pattern in "$@"; do tail -n +$((MARK[$lb] + 1)) "$LAB_OUT/$lb.log" | grep -qE -- "$pattern" || return 1; done
}
not_logged() { ! logged "$@"; }

# in_state DIRECTOR STATE [WHY]: every instance said so since the step began; WHY is vipd's, a pattern
in_state() {
  local line name text
  for line in "${INSTANCES[@]}"; do
    name=${line%% *}
    text="\($name\) Entering $2 STATE"
    [ "${KIND[$1]}" = keepalived ] || text="vrrp\.state .* inst=$name .* to=$2 why=${3-} "
    [ -n "${3-}" ] || text=${text/ why= /}
    logged "$1" "$text" || return 1
  done
}

# --- durations

skew_ms() {          # VERSION PRIORITY INTERVAL_MS
  if [ "$1" = 2 ]; then echo $(((256 - $2) * 1000 / 256)); else echo $(((256 - $2) * $3 / 256)); fi
}

# down_ms DIRECTOR: the longest time that one of its instances needs to miss its master, in whole seconds and one more
down_s() {
  local line name version cast ms most=0 down
  for line in "${INSTANCES[@]}"; do
    read -r name version cast ms _ <<< "$line"
    down=$((3 * ms + $(skew_ms "$version" "${PRIORITY[$1]}" "$ms") + SLACK))
    [ $down -le $most ] || most=$down
  done
  echo $((most / 1000 + 2))
}

# out DIRECTOR, back DIRECTOR: its machine is without power or network; what its kernel holds does not count
out() { printf '%s\t%s\tout\n' "$(now_us)" "$1" >> "$LAB_OUT/machines.tsv"; }
back() { printf '%s\t%s\tback\n' "$(now_us)" "$1" >> "$LAB_OUT/machines.tsv"; }

# spans: VIP GAP_MS OVERLAP_MS of each instance since the step began: the longest time without a holder, and with two
spans() {
  # shellcheck disable=SC2046
  python3 "$LAB_DIR/vrrp.py" spans "$LAB_OUT" "${1:-$FROM_US}" $(vips)
}

# check_spans MIN MAX OVERLAP: each an arithmetic expression of ms and skew (that of SUCCESSOR) in which the step's longest
# gap and overlap have to be
check_spans() {
  local successor=$1 least=$2 most=$3 together=$4 vip gap overlap line name version cast ms vrid own skew
  while read -r vip gap overlap; do
    for line in "${INSTANCES[@]}"; do
      read -r name version cast ms vrid own <<< "$line"
      [ "$own" = "$vip" ] || continue
      skew=$(skew_ms "$version" "${PRIORITY[$successor]}" "$ms")
      check "$name: nobody held it for ${gap%.*} ms ($((least)) to $((most))), both for $overlap ms (at most $together)" \
        awk -v g="$gap" -v l=$((least)) -v m=$((most)) -v o="$overlap" -v t="$together" \
        'BEGIN { exit !(g >= l && g <= m && o <= t) }'
    done
  done < <(spans)
}

# --- directors

ready() {            # DIRECTOR, since the step began
  case ${KIND[$1]} in
    vipd) logged "$1" 'daemon\.ready ' ;;
    keepalived) logged "$1" 'Startup complete' && in_state "$1" 'BACKUP' ;;
  esac
}

# start LB...
start() {
  local lb
  for lb in "$@"; do start_director "$lb"; done
  for lb in "$@"; do wait_for 40 "$lb (${KIND[$lb]}) runs" ready "$lb"; done
}

# stop_well DIRECTOR: by SIGTERM, and it ended as it should
stop_well() {
  local pid=${PID[$1]}
  stop_director "$1"
  wait "$pid" 2>/dev/null
  check "$1 ended with code 0" [ $? = 0 ]
}

stop_both() { local lb; for lb in lb1 lb2; do [ -z "${PID[$lb]-}" ] || stop_director $lb; done; }

status() { "$VIPD" status --json --socket "$LAB_TMP/$1.sock"; }
# status_is DIRECTOR PYTHON: an expression of i, the first instance, and s, everything
status_is() {
  status "$1" | python3 -c 'import json, sys; s = json.load(sys.stdin); i = s["instances"][0]; sys.exit(not eval(sys.argv[1]))' "$2"
}

# isolate on|off: whether the two can reach one another; no carrier changes
isolate() { local lb; for lb in lb1 lb2; do ip link set $lb type bridge_slave isolated "$1"; done; }

# What VRRP sends: adverts, those in an authentication header, gratuitous ARP, neighbour advertisements to all
OF_VRRP='ip proto 112 or ip proto 51 or arp or ip6 proto 112 or (icmp6 and ip6[40] == 136 and dst host ff02::1)'

# capture FILE [FILTER]: what passes lb1's port of the bridge
capture() {
  tcpdump -i lb1 -n -U --immediate-mode -Z root -w "$LAB_OUT/$1.pcap" "${2:-$OF_VRRP}" 2> "$LAB_TMP/$1.capture" &
  PID[capture]=$!
  wait_for 5 "tcpdump listens" grep -q 'listening on' "$LAB_TMP/$1.capture"
}
end_capture() {
  sleep 0.3          # what was sent has to reach it
  kill -TERM "${PID[capture]}"
  wait "${PID[capture]}"
  unset "PID[capture]"
}

# no_complaints: neither had anything against the other's packets, or trouble of its own
no_complaints() {
  local lb lines
  for lb in lb1 lb2; do
    case ${KIND[$lb]} in
      vipd)
        lines=$(grep -E ' ERROR |vrrp\.(rejected|mismatch|send_failed|vip_failed)|log\.overflow' "$LAB_OUT/$lb.log"
          cat "$LAB_OUT/$lb.err") ;;
      keepalived)
        lines=$(grep -iE 'invalid|wrong|checksum|mismatch|truncated|unknown|not present|bogus|error' "$LAB_OUT/$lb.log") ;;
    esac
    if [ -z "$lines" ]; then ok "$lb (${KIND[$lb]}) complains of nothing"; else fail "$lb (${KIND[$lb]}) complains: ${lines:0:600}"; fi
  done
}
