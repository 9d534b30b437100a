package dev.vipd.vrrp.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Directors in a simulated world; {@code make sim} runs it for longer. */
class VrrpSimulationTest {
    private static final int FIXED_SEEDS = 30;
    private static final long FRESH_NS = 3_000_000_000L;

    @Test
    void fixedSeeds() {
        long takeovers = 0;
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            takeovers += new Simulation(seed).run().takeovers();
        }
        assertTrue(takeovers > 10 * FIXED_SEEDS, "the faults made somebody else master now and then: " + takeovers);
    }

    @Test
    void freshSeeds() {
        long startNs = System.nanoTime();
        long first = System.currentTimeMillis() * 1_000;
        long seed = first;
        long simulatedNs = 0;
        while (System.nanoTime() - startNs < FRESH_NS) {
            simulatedNs += new Simulation(seed++).run().simulatedNs();
        }
        System.out.printf(
                "simulation: fresh seeds %d..%d, %.1f simulated hours%n", first, seed - 1, simulatedNs / 3.6e12);
    }

    /** All schedules of three faults and ends of faults; {@code make sim POINTS=4} for longer ones. */
    @Test
    void shortSchedulesExhaustively() {
        for (Enumeration.Variant variant : Enumeration.VARIANTS) {
            Enumeration all = new Enumeration(variant, 3);
            IntStream.range(0, all.schedules()).parallel().forEach(all::run);
        }
    }

    @Test
    void theSeedDeterminesTheRun() {
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(new Simulation(seed).run(), new Simulation(seed).run());
        }
        assertNotEquals(
                new Simulation(1).run().traceHash(), new Simulation(2).run().traceHash());
    }
}
