package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long NEVER = Long.MIN_VALUE + 1_000; // by subtraction: after all that is near the overflow

    /** Against a list that is searched; times run over the end of a long. */
    @Test
    void theFirstIsAlwaysTheFirst() {
        Random random = new Random(1);
        Deadlines<Integer> deadlines = new Deadlines<>();
        List<Deadlines.Entry<Integer>> entries = IntStream.range(0, 100).mapToObj(Deadlines.Entry::new).toList();
        List<OptionalLong> wanted = new ArrayList<>(entries.stream().map(entry -> OptionalLong.empty()).toList());
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(entries.size());
            OptionalLong at = random.nextInt(4) == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.MAX_VALUE - 500 + random.nextInt(1_000));
            deadlines.set(entries.get(i), at);
            wanted.set(i, at);
            long first = wanted.stream()
                    .flatMapToLong(OptionalLong::stream)
                    .reduce((a, b) -> a - b < 0 ? a : b)
                    .orElse(NEVER);
            assertEquals(first, deadlines.first(NEVER));
            if (first == NEVER) {
                assertNull(deadlines.due(NEVER));
            } else {
                assertNull(deadlines.due(first - 1));
                assertEquals(OptionalLong.of(first), wanted.get(deadlines.due(first)));
            }
        }
    }
}
