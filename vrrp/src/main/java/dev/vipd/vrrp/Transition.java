package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.util.Optional;

/**
 * A change of state that a role asks for.
 *
 * @param heard the advert that it yields to, if that is why
 */
record Transition(VrrpState to, StateReason why, Optional<Decoded> heard) {

    Transition(VrrpState to, StateReason.Cause cause) {
        this(to, StateReason.of(cause), Optional.empty());
    }
}
