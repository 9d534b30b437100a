package dev.vipd.netlink.route;

import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/** rtnetlink messages of rules (linux/fib_rules.h). Pure; decoding never throws. */
final class RuleCodec {
    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;
    static final int RTM_GETRULE = 34;

    /**
     * struct fib_rule_hdr: family @0, dst_len @1, src_len @2, tos @3, table @4, two reserved, action @7, flags u32 @8.
     */
    private static final int HEADER_BYTES = 12;

    private static final int FRA_DST = 1;
    private static final int FRA_SRC = 2;
    private static final int FRA_IIFNAME = 3;
    private static final int FRA_PRIORITY = 6;
    private static final int FRA_FWMARK = 10;
    private static final int FRA_SUPPRESS_PREFIXLEN = 14;
    private static final int FRA_TABLE = 15;
    private static final int FRA_FWMASK = 16;
    private static final int FRA_OIFNAME = 17;
    private static final int FRA_PROTOCOL = 21;
    private static final int FRA_IP_PROTO = 22;
    private static final int FRA_SPORT_RANGE = 23;
    private static final int FRA_DPORT_RANGE = 24;
    private static final int FIB_RULE_INVERT = 2;

    private RuleCodec() {}

    static byte[] dump(int family) {
        return ByteBuffer.allocate(HEADER_BYTES).put(0, (byte) family).array();
    }

    static byte[] encode(Rule rule) {
        return encode(rule, rule.action().number);
    }

    /** What is to be deleted; the kernel compares what is given. */
    static byte[] encodeDelete(Rule rule) {
        return encode(rule, rule.action() == Rule.Action.LOOKUP ? 0 : rule.action().number);
    }

    static Optional<Rule> decode(NlMessage message) {
        Optional<Rule.Action> action = message.payload().length < HEADER_BYTES
                ? Optional.empty()
                : Rule.Action.of(message.payload()[7] & 0xff);
        if (action.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        byte[] from = {};
        byte[] to = {};
        String iif = "";
        String oif = "";
        long priority = 0;
        int mark = 0;
        int mask = 0;
        long table = header.get(4) & 0xff;
        int suppress = -1;
        int protocol = 0;
        int ipProtocol = 0;
        Optional<Rule.Ports> sourcePorts = Optional.empty();
        Optional<Rule.Ports> destinationPorts = Optional.empty();
        NlAttrReader in = message.attributes(HEADER_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case FRA_DST -> to = in.bytes();
                case FRA_SRC -> from = in.bytes();
                case FRA_IIFNAME -> iif = in.string();
                case FRA_OIFNAME -> oif = in.string();
                case FRA_PRIORITY -> priority = Integer.toUnsignedLong(in.u32());
                case FRA_FWMARK -> mark = in.u32();
                case FRA_FWMASK -> mask = in.u32();
                case FRA_TABLE -> table = Integer.toUnsignedLong(in.u32());
                case FRA_SUPPRESS_PREFIXLEN -> suppress = in.u32();
                case FRA_PROTOCOL -> protocol = in.u8();
                case FRA_IP_PROTO -> ipProtocol = in.u8();
                case FRA_SPORT_RANGE -> sourcePorts = ports(in.bytes());
                case FRA_DPORT_RANGE -> destinationPorts = ports(in.bytes());
                default -> {}
            }
        }
        return in.error().isPresent()
                ? Optional.empty()
                : Optional.of(new Rule(
                        header.get(0) == IpPrefix.AF_INET6, priority, (header.getInt(8) & FIB_RULE_INVERT) != 0,
                        prefix(from, header.get(2)), prefix(to, header.get(1)), iif, oif,
                        mask == 0 ? Optional.empty() : Optional.of(new Rule.Mark(mark, mask)), header.get(3) & 0xff,
                        ipProtocol, sourcePorts, destinationPorts, action.get(), table,
                        suppress < 0 ? OptionalInt.empty() : OptionalInt.of(suppress), protocol));
    }

    private static byte[] encode(Rule rule, int action) {
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) (rule.ipv6() ? IpPrefix.AF_INET6 : IpPrefix.AF_INET))
                .put(1, (byte) (int) rule.to().map(IpPrefix::length).orElse(0))
                .put(2, (byte) (int) rule.from().map(IpPrefix::length).orElse(0))
                .put(3, (byte) rule.tos())
                .put(4, (byte) (rule.table() > 0xff ? 0 : rule.table())) // 0: see FRA_TABLE
                .put(7, (byte) action)
                .putInt(8, rule.not() ? FIB_RULE_INVERT : 0)
                .array();
        NlAttrWriter out = new NlAttrWriter(header);
        rule.mark().ifPresent(mark -> out.putU32(FRA_FWMARK, mark.value()).putU32(FRA_FWMASK, mark.mask()));
        if (!rule.iif().isEmpty()) {
            out.putString(FRA_IIFNAME, rule.iif());
        }
        if (!rule.oif().isEmpty()) {
            out.putString(FRA_OIFNAME, rule.oif());
        }
        rule.from().ifPresent(from -> out.putBytes(FRA_SRC, from.address().getAddress()));
        rule.to().ifPresent(to -> out.putBytes(FRA_DST, to.address().getAddress()));
        out.putU32(FRA_PRIORITY, (int) rule.priority());
        if (rule.table() > 0xff) {
            out.putU32(FRA_TABLE, (int) rule.table());
        }
        rule.suppressPrefixLength().ifPresent(length -> out.putU32(FRA_SUPPRESS_PREFIXLEN, length));
        if (rule.ipProtocol() != 0) {
            out.putU8(FRA_IP_PROTO, rule.ipProtocol());
        }
        rule.sourcePorts().ifPresent(ports -> out.putBytes(FRA_SPORT_RANGE, bytes(ports)));
        rule.destinationPorts().ifPresent(ports -> out.putBytes(FRA_DPORT_RANGE, bytes(ports)));
        if (rule.protocol() != 0) {
            out.putU8(FRA_PROTOCOL, rule.protocol());
        }
        return out.toByteArray();
    }

    private static Optional<IpPrefix> prefix(byte[] address, byte length) {
        return address.length == 4 || address.length == 16
                ? Optional.of(new IpPrefix(IpPrefix.address(address), length & 0xff))
                : Optional.empty();
    }

    /** struct fib_rule_port_range: start u16, end u16, in host order. */
    private static byte[] bytes(Rule.Ports ports) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putShort((short) ports.first())
                .putShort((short) ports.last())
                .array();
    }

    private static Optional<Rule.Ports> ports(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return bytes.length < 4
                ? Optional.empty()
                : Optional.of(new Rule.Ports(in.getShort(0) & 0xffff, in.getShort(2) & 0xffff));
    }
}
