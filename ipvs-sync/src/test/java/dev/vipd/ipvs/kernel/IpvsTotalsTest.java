package dev.vipd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Traffic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpvsTotalsTest {
    /** As Linux 6.1 wrote it. */
    private static final List<String> LINES = List.of(
            "   Total Incoming Outgoing         Incoming         Outgoing",
            "   Conns  Packets  Packets            Bytes            Bytes",
            "       3       12        C              49B              354",
            "",
            " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s",
            "       0        2        1               87               62",
            "");

    @Test
    void theNumbersAreHexadecimal() {
        assertEquals(
                Optional.of(new Traffic(3, 18, 12, 1179, 852, 0, 2, 1, 135, 98)), IpvsTotals.parse(LINES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2 3 4", "1 2 3 4 5 6", "1 2 3 4 x", "1 2 3 4 11111111111111111", "1 2 3 4 -"})
    void whatCanNotBeUnderstoodIsNothing(String counts) {
        assertEquals(Optional.empty(), IpvsTotals.parse(List.of("", "", counts, "", "", LINES.get(5))));
        assertEquals(Optional.empty(), IpvsTotals.parse(List.of("", "", LINES.get(2), "", "", counts)));
        assertEquals(Optional.empty(), IpvsTotals.parse(List.of("", "", counts)));
    }
}
