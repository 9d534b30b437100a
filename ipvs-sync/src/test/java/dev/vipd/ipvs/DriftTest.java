package dev.vipd.ipvs;

import static dev.vipd.ipvs.Tables.at;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Drift.Loss;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriftTest {
    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @Test
    void everyKindOfRowIsTold() {
        IpvsTable left = table(
                entry(80, destination(1, 1), destination(2, 1)), entry(81, destination(1, 1), destination(2, 1)),
                entry(82));
        Service changed = new Service(key(82), "rr", 0, 0, -1, "");
        IpvsTable found = table(
                entry(80, destination(1, 5), destination(3, 1)),
                IpvsTable.Entry.of(changed, List.of()),
                entry(99, destination(9, 9)));
        Observation before = new Observation(left, Map.of(), Map.of(
                new DestinationId(key(80), at(1)), new Load(99, 0, 0, Traffic.NONE),
                new DestinationId(key(80), at(2)), new Load(2, 10, 5, Traffic.NONE),
                new DestinationId(key(81), at(1)), new Load(3, 4, 0, Traffic.NONE)), 0);
        assertEquals(
                List.of(
                        new Drift(key(80), Optional.of(at(1)), "DR weight=5", "DR weight=1", Loss.NONE),
                        new Drift(key(80), Optional.of(at(2)), "absent", "DR weight=1", new Loss(1, 12)),
                        new Drift(key(80), Optional.of(at(3)), "DR weight=1", "absent", Loss.NONE),
                        new Drift(key(81), Optional.empty(), "absent", "wlc", new Loss(2, 7)),
                        new Drift(key(82), Optional.empty(), "rr", "wlc", Loss.NONE)),
                Drift.between(left, found, before));
    }

    @Test
    void descriptionsNameWhatIsUnusual() {
        Service service = new Service(key(80), "sh", 0x19, 300, 0xffffff00, "sip");
        assertEquals("sh persistent=300 flags=0x19 mask=0xffffff00 pe=sip", service.describe());
        Destination destination = new Destination(at(1), 1, 0, 100, 50, new Destination.Tunnel(1, 6080, 1));
        assertEquals("method1 weight=0 thresholds=50..100 tunnel=1/6080/1", destination.describe());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void thereIsDriftExactlyWhenThereIsSomethingToRepair(int seed) {
        Random random = new Random(seed);
        IpvsTable left = Tables.random(random, 2);
        IpvsTable observed = random.nextBoolean() ? Tables.random(random, 2) : left;
        assertEquals(
                TableDiff.plan(left, observed, left.keys()).isEmpty(),
                Drift.between(left, observed, Observation.EMPTY).isEmpty());
    }
}
