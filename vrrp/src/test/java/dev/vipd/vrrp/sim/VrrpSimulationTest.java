package dev.vipd.vrrp.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Directors in a simulated world. {@code -Dvipd.sim.seed=N} runs one seed only, {@code -Dvipd.sim.seeds=N} that many
 * fresh ones.
 */
class VrrpSimulationTest {
    private static final int FIXED_SEEDS = 50;
    private static final int FRESH_SEEDS = Integer.getInteger("vipd.sim.seeds", 10);

    @Test
    void fixedSeeds() {
        Long only = Long.getLong("vipd.sim.seed");
        if (only != null) {
            new Simulation(only).run();
            return;
        }
        long ownerships = 0;
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            ownerships += new Simulation(seed).run().ownerships();
        }
        assertTrue(ownerships > FIXED_SEEDS, "the faults made somebody else master now and then: " + ownerships);
    }

    @Test
    void freshSeeds() {
        long first = System.nanoTime();
        System.out.println("simulation: fresh seeds from " + first);
        for (long seed = first; seed < first + FRESH_SEEDS; seed++) {
            new Simulation(seed).run();
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
