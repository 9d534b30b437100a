package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StaticsTest {
    private static final FaultReason MISSING =
            new FaultReason(FaultReason.Kind.HOLDING, "static " + Routers.VIP);

    private final Heard heard = new Heard();
    private final List<Holding> held = new ArrayList<>();
    private String refusal = "";
    private final Statics statics = new Statics(
            new Statics.Adder() {
                @Override
                public Map<Holding, String> add(VirtualRouterConfig instance, List<Holding> items) {
                    Map<Holding, String> failed = new HashMap<>();
                    items.forEach(item -> {
                        if (refusal.isEmpty()) {
                            held.add(item);
                        } else {
                            failed.put(item, refusal);
                        }
                    });
                    return failed;
                }

                @Override
                public void remove(VirtualRouterConfig instance, List<Holding> items) {
                    held.removeAll(items);
                }
            },
            heard);

    @Test
    void theyAreHeldUntilTheyAreNoLongerConfigured() {
        statics.update(List.of(new StaticHolding(Routers.VIP, List.of()), new StaticHolding(Routers.VIP2, List.of())));
        assertEquals(List.of(Routers.VIP, Routers.VIP2), held);
        statics.update(List.of(new StaticHolding(Routers.VIP2, List.of())));
        assertEquals(List.of(Routers.VIP2), held);
        statics.close();
        assertEquals(List.of(), held);
    }

    @Test
    void oneThatCanNotBeHeldIsAFaultOfItsTrackGroupUntilItCan() {
        refusal = "EPERM";
        statics.update(List.of(new StaticHolding(Routers.VIP, List.of("VI_1", "VI_2"))));
        statics.retry();
        assertEquals(Map.of("VI_1", Set.of(MISSING), "VI_2", Set.of(MISSING)), statics.faults());
        assertEquals(List.of("trouble: add the static 192.0.2.100/32: EPERM"), heard.lines, "told once");
        refusal = "";
        statics.retry();
        assertEquals(Map.of(), statics.faults());
        assertEquals(List.of(Routers.VIP), held);
    }

    @Test
    void oneThatSomebodyDeletesIsPutBack() {
        statics.update(List.of(new StaticHolding(Routers.VIP, List.of("VI_1"))));
        held.clear();
        statics.lost(List.of(Routers.VIP));
        assertEquals(List.of(Routers.VIP), held);
        assertEquals(Map.of(), statics.faults());
    }
}
