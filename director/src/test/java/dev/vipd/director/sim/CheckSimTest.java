package dev.vipd.director.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Checks, pools and tables in a simulated world; {@code make sim} runs it for longer. */
class CheckSimTest {
    private static final int FIXED_SEEDS = 50;
    private static final int FRESH_SEEDS = 10;

    @Test
    void fixedSeeds() {
        long panics = 0;
        long operations = 0;
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            CheckSim.Outcome outcome = new CheckSim(seed).run();
            panics += outcome.panics();
            operations += outcome.operations();
        }
        assertTrue(panics > FIXED_SEEDS, "there was panic now and then: " + panics);
        assertTrue(operations > 100 * FIXED_SEEDS, "the table moved: " + operations);
    }

    @Test
    void freshSeeds() {
        long first = System.currentTimeMillis() * 1_000;
        for (long seed = first; seed < first + FRESH_SEEDS; seed++) {
            new CheckSim(seed).run();
        }
        System.out.printf("simulation of checks: fresh seeds %d..%d%n", first, first + FRESH_SEEDS - 1);
    }

    @Test
    void theSeedDeterminesTheRun() {
        assertEquals(new CheckSim(1).run(), new CheckSim(1).run());
        assertNotEquals(new CheckSim(1).run().traceHash(), new CheckSim(2).run().traceHash());
    }
}
