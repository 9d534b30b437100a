package dev.vipd.vrrp;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One virtual IP address (VIP).
 *
 * @param address      the address
 * @param prefixLength prefix it is added to the interface with, 0..32 or 0..128
 * @param options      the rest
 */
public record VirtualAddress(InetAddress address, int prefixLength, Options options) implements Holding {

    /** A word after the address, as ip-address(8) has it. */
    public enum Flag {
        HOME,
        NODAD,
        MNGTMPADDR,
        NOPREFIXROUTE,
        AUTOJOIN
    }

    /**
     * What may stand after the address.
     *
     * @param device      {@code dev}: another interface than the instance's
     * @param broadcast   {@code brd}
     * @param scope       {@code scope}: number as in rtnetlink(7), 0 global
     * @param label       {@code label}
     * @param peer        {@code peer}
     * @param preferredNs {@code preferred_lft}; 0: deprecated
     * @param useVmac     {@code use_vmac}: on a macvlan of its own on {@code device}
     * @param noTrack     {@code no_track}: it is not put back when somebody else deletes it
     */
    public record Options(
            Optional<String> device,
            Optional<InetAddress> broadcast,
            OptionalInt scope,
            Optional<String> label,
            Optional<InetAddress> peer,
            Set<Flag> flags,
            OptionalLong preferredNs,
            boolean useVmac,
            boolean noTrack) {
        public static final Options NONE = new Options(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), Set.of(),
                OptionalLong.empty(), false, false);

        public Options {
            flags = Set.copyOf(flags);
        }
    }

    /** An address without options. */
    public VirtualAddress(InetAddress address, int prefixLength) {
        this(address, prefixLength, Options.NONE);
    }

    private record Identity(InetAddress address, Optional<String> device, boolean useVmac) {}

    @Override
    public boolean noTrack() {
        return options.noTrack();
    }

    @Override
    public Object identity() {
        return new Identity(address, options.device(), options.useVmac());
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
