package dev.vipd.netlink.route;

import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** rtnetlink messages of addresses (linux/if_addr.h). Pure; decoding never throws. */
final class AddressCodec {
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;

    private static final int IFADDRMSG_BYTES = 8; // family @0, prefix length @1, flags @2, scope @3, index u32 @4
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    /** struct ifa_cacheinfo: preferred u32 @0, valid u32 @4, cstamp u32 @8, tstamp u32 @12. */
    private static final int CACHEINFO_BYTES = 16;

    private AddressCodec() {}

    /** Asks for all addresses of both families. */
    static byte[] dump() {
        return new byte[IFADDRMSG_BYTES];
    }

    /** The body of a request to add or replace, as {@code ip address} writes it. */
    static byte[] encode(InterfaceAddress address) {
        byte[] local = address.address().getAddress();
        NlAttrWriter out = new NlAttrWriter(header(address)).putBytes(IFA_LOCAL, local);
        address.broadcast().ifPresent(broadcast -> out.putBytes(IFA_BROADCAST, broadcast.getAddress()));
        if (!address.label().isEmpty()) {
            out.putString(IFA_LABEL, address.label());
        }
        if (address.flags() > 0xff) { // the header has room for eight of them
            out.putU32(IFA_FLAGS, address.flags());
        }
        out.putBytes(IFA_ADDRESS, address.peer().map(InetAddress::getAddress).orElse(local));
        if (!address.lifetime().endless()) {
            out.putBytes(IFA_CACHEINFO, cacheInfo(address.lifetime()));
        }
        return out.toByteArray();
    }

    /** The body of a request to delete: what the kernel looks for is address, prefix and peer. */
    static byte[] encodeDelete(InterfaceAddress address) {
        byte[] local = address.address().getAddress();
        InterfaceAddress bare = new InterfaceAddress(
                address.interfaceIndex(), address.address(), address.prefixLength(), 0, 0);
        return new NlAttrWriter(header(bare))
                .putBytes(IFA_LOCAL, local)
                .putBytes(IFA_ADDRESS, address.peer().map(InetAddress::getAddress).orElse(local))
                .toByteArray();
    }

    static Optional<InterfaceAddress> decode(NlMessage message) {
        if (message.payload().length < IFADDRMSG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        int flags = header.get(2) & 0xff;
        String label = "";
        Optional<InetAddress> local = Optional.empty();
        Optional<InetAddress> address = Optional.empty();
        Optional<InetAddress> broadcast = Optional.empty();
        AddressLifetime lifetime = AddressLifetime.FOREVER;
        NlAttrReader in = message.attributes(IFADDRMSG_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case IFA_LOCAL -> local = ip(in.bytes());
                case IFA_ADDRESS -> address = ip(in.bytes());
                case IFA_BROADCAST -> broadcast = ip(in.bytes());
                case IFA_LABEL -> label = in.string();
                case IFA_FLAGS -> flags = in.u32();
                case IFA_CACHEINFO -> lifetime = lifetime(in.bytes());
                default -> {}
            }
        }
        Optional<InetAddress> own = local.isPresent() ? local : address;
        if (in.error().isPresent() || own.isEmpty()) {
            return Optional.empty();
        }
        Optional<InetAddress> peer = address.filter(other -> !other.equals(own.get()));
        return Optional.of(new InterfaceAddress(
                header.getInt(4), own.get(), header.get(1) & 0xff, flags, header.get(3) & 0xff, peer, broadcast, label,
                lifetime));
    }

    private static Optional<InetAddress> ip(byte[] bytes) {
        return bytes.length == 4 || bytes.length == 16 ? Optional.of(IpPrefix.address(bytes)) : Optional.empty();
    }

    private static byte[] cacheInfo(AddressLifetime lifetime) {
        return ByteBuffer.allocate(CACHEINFO_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, (int) lifetime.preferredSec())
                .putInt(4, (int) lifetime.validSec())
                .array();
    }

    private static AddressLifetime lifetime(byte[] bytes) {
        if (bytes.length < CACHEINFO_BYTES) {
            return AddressLifetime.FOREVER;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return new AddressLifetime(
                Integer.toUnsignedLong(in.getInt(0)),
                Integer.toUnsignedLong(in.getInt(4)),
                Integer.toUnsignedLong(in.getInt(12)));
    }

    private static byte[] header(InterfaceAddress address) {
        return ByteBuffer.allocate(IFADDRMSG_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) IpPrefix.family(address.address()))
                .put(1, (byte) address.prefixLength())
                .put(2, (byte) (address.flags() > 0xff ? 0 : address.flags()))
                .put(3, (byte) address.scope())
                .putInt(4, address.interfaceIndex())
                .array();
    }
}
