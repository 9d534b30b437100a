package dev.vipd.vrrp.io;

import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sequence numbers of authentication headers. A sender's have to grow. keepalived takes no number that is not
 * above all it has heard and sent itself; so ours are above all that were heard, and at least the time in seconds,
 * which lets a restarted process go on where it was. Not thread-safe.
 */
final class AhSequences {
    /** The highest numbers of an instance: sent, and heard from each that knows the password. */
    private static final class Numbers {
        long sent;
        final Map<InetAddress, Long> heard = new HashMap<>();
    }

    private final Map<String, Numbers> instances = new HashMap<>();

    /** The packet, or its rejection when it repeats one of before. */
    DecodeResult check(VirtualRouterConfig instance, DecodeResult packet) {
        Optional<Authentication> secret = secret(instance);
        if (secret.isEmpty() || !(packet instanceof Decoded decoded) || decoded.seal().isEmpty()) {
            return packet;
        }
        AuthenticationHeader seal = decoded.seal().get();
        if (!seal.sealedWith(secret.get().password())
                || !seal.names(decoded.source())
                || decoded.advert().virtualRouterId() != instance.virtualRouterId()) {
            return packet; // discarded for that
        }
        Map<InetAddress, Long> heard = numbers(instance).heard;
        long last = heard.getOrDefault(decoded.source(), 0L);
        if (seal.sequence() <= last) {
            return new Rejected(
                    AdvertRejection.AUTH_FAILURE,
                    decoded.advert().virtualRouterId(),
                    decoded.advert().version(),
                    Optional.of(decoded.source()),
                    "sequence number " + seal.sequence() + ", last " + last);
        }
        heard.put(decoded.source(), seal.sequence());
        return packet;
    }

    /** What the next advert is sealed with, where the instance has it so. */
    Optional<AuthenticationHeader.Seal> next(VirtualRouterConfig instance, long unixSec) {
        return secret(instance).map(secret -> {
            Numbers numbers = numbers(instance);
            numbers.sent = numbers.heard.values().stream().reduce(Math.max(numbers.sent + 1, unixSec), (a, b) ->
                    Math.max(a, b + 1));
            return new AuthenticationHeader.Seal(secret.password(), numbers.sent);
        });
    }

    /** The instance is gone. */
    void forget(VirtualRouterConfig instance) {
        instances.remove(instance.name());
    }

    private Numbers numbers(VirtualRouterConfig instance) {
        return instances.computeIfAbsent(instance.name(), _ -> new Numbers());
    }

    private static Optional<Authentication> secret(VirtualRouterConfig instance) {
        return instance.transport().authentication().filter(secret -> secret.type() == Authentication.Type.AH);
    }
}
