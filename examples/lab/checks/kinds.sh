# What checks-kinds asks, as a configuration of vipd: sourced by the scenario, whose variables it takes and for which it
# leaves the names of the checks that have one fate in arrays. Names begin with their kind.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

begin_config
probe http-health $RS:80 'http: { path: /health }'
probe http-1.0 $RS:80 'http: { path: /health, http_protocol: "1.0" }'
probe http-2 $RS:81 'http: { path: /health, http_protocol: "2" }'
probe http-kept $RS:80 'http: { path: "/health?kept", keep_alive: true }'
probe http-head $RS:80 'http: { path: /text.txt, method: HEAD }'
probe http-post $RS:80 'http: { path: /post, method: POST, body: hello }'
probe http-header $RS:80 'http: { path: /header, headers: { X-Probe: "yes" } }'
probe http-regex $RS:80 'http: { path: /text.txt, regex: "^hello w" }'
probe http-no-regex $RS:80 'http: { path: /text.txt, regex_no_match: sorry }'
probe http-digest $RS:80 "http: { path: /text.txt, digest: $(echo hello world | md5) }"
probe http-json $RS:80 'http: { path: /status.json, json: { /status/db: ok } }'
probe http-redirect $RS:80 'http: { path: /moved, redirects: 1 }'
probe http-redirect-is-it $RS:80 'http: { path: /moved, status: 302 }'
probe http-urls $RS:80 'http: { urls: [ { path: /text.txt }, { path: /health } ] }'
probe http-virtualhost $RS:80 'http: { path: /any, virtualhost: shop.lab, status: 204 }'
probe http-v6 '[2001:db8:9::20]:80' 'http: { path: /health }'
HTTP_SICK=(http-health http-1.0 http-2 http-kept http-redirect http-urls http-v6)
HTTP_WELL=(http-head http-post http-header http-redirect-is-it http-virtualhost)
HTTP_BODY=(http-regex http-no-regex http-digest http-json)
HTTP=("${HTTP_SICK[@]}" "${HTTP_WELL[@]}" "${HTTP_BODY[@]}")
probe http-not-found $RS:80 'http: { path: /nothing }'
probe http-forbidden $RS:80 'http: { path: /header }'
probe http-loop $RS:80 'http: { path: /loop, redirects: 3 }'
probe http-away $RS:80 'http: { path: /away, redirects: 1 }'
probe http-slow $RS:80 'http: { path: /slow.txt, regex: y }'
probe http-no-pointer $RS:80 'http: { path: /status.json, json: [ /status/disk ] }'
probe http-no-json $RS:80 'http: { path: /text.txt, json: [ /status ] }'
probe http-to-tls $RS:443 'http: { path: /health }'

probe https-good $RS:443 "https: { path: /health, sni: good.lab, $CA }"
probe https-address $RS:443 "https: { path: /health, sni: off, $CA }"
probe https-2 $RS:443 "https: { path: /health, sni: good.lab, http_protocol: '2', $CA }"
probe https-kept $RS:443 "https: { path: '/health?kept-tls', sni: good.lab, keep_alive: true, $CA }"
probe https-unverified $RS:444 'https: { path: /text.txt, verify: none }'
probe https-client $RS:446 \
  "https: { path: /text.txt, sni: good.lab, $CA, certificate: $WEB/certs/client.pem, key: $WEB/certs/client.key }"
probe https-soon $RS:448 "https: { path: /text.txt, sni: good.lab, $CA, expiry_warning: 7 }"
HTTPS=(https-good https-address https-2 https-kept https-unverified https-client)
probe https-expired $RS:444 "https: { path: /text.txt, sni: good.lab, $CA }"
probe https-other $RS:445 "https: { path: /text.txt, sni: good.lab, $CA }"
probe https-self $RS:447 "https: { path: /text.txt, sni: good.lab, $CA }"
probe https-system $RS:443 'https: { path: /health, sni: good.lab }'
probe https-no-client $RS:446 "https: { path: /text.txt, sni: good.lab, $CA }"
probe https-to-plain $RS:80 "https: { path: /health, sni: good.lab, $CA }"

probe grpc-server $RS:50051 'grpc: {}'
probe grpc-service $RS:50051 'grpc: { service: shop }'
probe grpc-tls $RS:50052 "grpc: { service: shop, tls: { sni: good.lab, $CA } }"
GRPC=(grpc-server grpc-service grpc-tls)
probe grpc-closed $RS:50051 'grpc: { service: closed }'
probe grpc-unknown $RS:50051 'grpc: { service: unknown }'
probe grpc-to-http $RS:81 'grpc: {}'

probe dns-a $RS:53 'dns: { name: a.lab, type: A, answer: 10.9.0.21 }'
probe dns-aaaa $RS:53 'dns: { name: a.lab, type: AAAA, answer: "2001:db8::21" }'
probe dns-mx $RS:53 'dns: { name: lab, type: MX, answer: 10 mail.lab }'
probe dns-txt $RS:53 'dns: { name: t.lab, type: TXT, answer: hello }'
probe dns-cname $RS:53 'dns: { name: c.lab, type: CNAME, answer: a.lab }'
probe dns-through-cname $RS:53 'dns: { name: c.lab, type: A, answer: [ 10.9.0.20, 10.9.0.21 ] }'
probe dns-tcp $RS:53 'dns: { name: a.lab, type: A, answer: 10.9.0.21, transport: tcp }'
probe dns-nxdomain $RS:53 'dns: { name: no.lab, type: A, rcode: NXDOMAIN }'
probe dns-refused-is-it $RS:53 'dns: { name: example.org, type: A, rcode: [ NOERROR, REFUSED ] }'
DNS=(dns-a dns-aaaa dns-mx dns-txt dns-cname dns-through-cname dns-nxdomain dns-refused-is-it)
probe dns-other $RS:53 'dns: { name: a.lab, type: A, answer: 10.9.0.22 }'
probe dns-other-tcp $RS:53 'dns: { name: a.lab, type: A, answer: 10.9.0.22, transport: tcp }'
probe dns-no-name $RS:53 'dns: { name: no.lab, type: A }'
probe dns-refused $RS:53 'dns: { name: example.org, type: A }'
probe dns-silent $RS:5353 'dns: { name: a.lab, type: A }'

probe smtp-plain $RS:26 'smtp: {}'
probe smtp-starttls $RS:25 "smtp: { starttls: { sni: good.lab, $CA } }"
probe smtp-no-starttls $RS:26 "smtp: { starttls: { sni: good.lab, $CA } }"
probe smtp-other $RS:25 "smtp: { starttls: { sni: other.lab, $CA } }"
probe smtp-to-http $RS:80 'smtp: {}'
SMTP=(smtp-plain smtp-starttls)

probe tcp-connect $RS:6379 'tcp: {}'
probe tcp-expect $RS:6379 'tcp: { send: "PING\r\n", expect: "^\\+PONG" }'
probe tcp-v6 '[2001:db8:9::20]:80' 'tcp: {}'
probe tcp-elsewhere $ABSENT:9 "tcp: { connect_ip: $RS, connect_port: 6379 }"
probe tcp-port $RS:6379 'tcp: { bind_port: 4444 }'
probe tcp-both $RS:6379 'tcp: { bindto: 10.9.0.1, bind_port: 4445 }'
TCP=(tcp-connect tcp-expect tcp-elsewhere tcp-port tcp-both)
probe tcp-no-match $RS:6379 'tcp: { send: "PING\r\n", expect: "^-ERR" }'
probe tcp-mute $RS:6379 'tcp: { expect: "." }'
probe tcp-dropped $RS:6666 'tcp: {}'
probe tcp-absent $ABSENT:80 'tcp: {}'
probe tcp-far 192.0.2.5:6379 'tcp: { fall: 2 }'

probe udp-echo $RS:7 'udp: { payload: 0102ff, require_reply: 01xxff }'
probe udp-any $RS:7 'udp: { payload: "00" }'
probe udp-other $RS:7 'udp: { payload: 0102ff, require_reply: 03 }'
probe udp-short $RS:7 'udp: { payload: 0102ff, require_reply: true, min_reply_length: 4 }'
probe udp-refused $RS:8 'udp: { payload: "00" }'

probe ping-v4 10.9.0.20:1 'ping: {}'
probe ping-v6 '[2001:db8:9::20]:1' 'ping: {}'
probe ping-far 192.0.2.5:1 'ping: { fall: 2 }'
probe ping-absent $ABSENT:1 'ping: {}'

WEIGHT=100 probe agent-up $RS:80 'agent: { connect_port: 9999 }'
probe agent-absent $RS:80 'agent: { connect_port: 9998 }'

probe script-status $RS:1 "script: { command: $(script status) }"
probe script-dynamic $RS:1 "script: { command: $(script status), dynamic: true }"
probe script-flood $RS:1 "script: { command: $(script flood) }"
probe script-hang $RS:1 "script: { command: $(script hang) }"
probe script-deaf $RS:1 "script: { command: $(script deaf) }"
probe script-forks $RS:1 "script: { command: $(script forks) }"
probe script-endless $RS:1 "script: { command: $(script endless) }"

probe file-number $RS:1 "file: { path: $WEB/number }"
probe file-dynamic $RS:1 "file: { path: $WEB/number, dynamic: true }"
probe file-absent $RS:1 "file: { path: $WEB/no-such-file }"

# The same over the other cable, from its second address, with a mark: each kind that goes over the network. One failure
# is forgiven: that of a probe that was on its way when the address went.
ROUTE='bindto: 10.9.1.2, bind_if: eth1, fwmark: 7, fall: 2'
probe route-tcp $SIDE:6379 "tcp: { $ROUTE }"
probe route-expect $SIDE:6379 "tcp: { expect: PONG, send: \"PING\\r\\n\", $ROUTE }"
probe route-http $SIDE:80 "http: { path: /health, $ROUTE }"
probe route-http2 $SIDE:81 "http: { path: /health, http_protocol: '2', $ROUTE }"
probe route-https $SIDE:443 "https: { path: /health, verify: none, $ROUTE }"
probe route-grpc $SIDE:50051 "grpc: { $ROUTE }"
probe route-smtp $SIDE:26 "smtp: { $ROUTE }"
probe route-starttls $SIDE:25 "smtp: { starttls: { verify: none }, $ROUTE }"
probe route-dns $SIDE:53 "dns: { name: a.lab, type: A, $ROUTE }"
probe route-dns-tcp $SIDE:53 "dns: { name: a.lab, type: A, transport: tcp, $ROUTE }"
probe route-udp $SIDE:7 "udp: { payload: 0102, require_reply: true, $ROUTE }"
probe route-ping $SIDE:1 "ping: { $ROUTE }"
probe route-agent $SIDE:80 "agent: { connect_port: 9999, $ROUTE }"
ROUTED=(tcp expect http http2 https grpc smtp starttls dns dns-tcp udp ping agent)
ROUTED=("${ROUTED[@]/#/route-}")

# Servers that mean harm, by the kind that asks them
mapfile -t BAD < <(python3 "$LAB_DIR/checks/servers.py" bad)
for bad in "${!BAD[@]}"; do
  case ${BAD[bad]} in
    half-record|endless-records) check="https: { verify: none }" ;;
    endless-settings|endless-pings|endless-continuation) check="http: { http_protocol: '2' }" ;;
    endless-greeting) check='smtp: {}' ;;
    endless-word) check="agent: { connect_port: $((7000 + bad)) }" ;;
    half-message) check='dns: { transport: tcp }' ;;
    *) check='http: { regex: y }' ;;
  esac
  probe "bad-${BAD[bad]}" $RS:$((7000 + bad)) "$check"
done
end_config
