package dev.vipd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsCodecTest {
    private static final SyncDaemon MASTER =
            new SyncDaemon(Role.MASTER, "dummy0", 10, 0, Optional.empty(), 0, 0);
    private static final Optional<InetAddress> GROUP = Optional.of(InetAddress.ofLiteral("224.0.0.81"));

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    private static void assertRequest(String vector, byte[] payload) {
        assertArrayEquals(Vectors.message(vector).payload(), payload, vector);
    }

    private static NlMessage message(byte[] payload) {
        return new NlMessage(0x20, 0, 1, 1, payload);
    }

    @Test
    void requestsAreAsCaptured() {
        assertRequest("ipvs-get-config", IpvsCodec.request(SettingsCodec.CMD_GET_CONFIG));
        assertRequest("ipvs-set-config-tcp", SettingsCodec.request(new Timeouts(1000, 0, 0)));
        assertRequest("ipvsadm-set-timeouts", SettingsCodec.request(new Timeouts(900, 120, 300)));
        assertRequest("ipvs-new-daemon-master", SettingsCodec.start(MASTER));
        assertRequest("ipvs-new-daemon-backup-full", SettingsCodec.start(
                new SyncDaemon(Role.BACKUP, "dummy0", 10, 1472, GROUP, 8848, 1)));
        assertRequest("ipvs-del-daemon-master", SettingsCodec.stop(Role.MASTER));
    }

    @Test
    void capturedTimeoutsAreRead() {
        Optional<Timeouts> usual = Optional.of(new Timeouts(900, 120, 300));
        assertEquals(usual, SettingsCodec.timeouts(Vectors.message("ipvs-get-config-reply")));
        assertEquals(usual, SettingsCodec.timeouts(Vectors.message("ipvsadm-set-timeouts")));
    }

    @Test
    void capturedDaemonIsReadWithAllThatTheKernelChose() {
        SyncDaemon running = new SyncDaemon(Role.MASTER, "dummy0", 10, 1472, GROUP, 8848, 1);
        assertEquals(Optional.of(running), SettingsCodec.daemon(Vectors.message("ipvs-get-daemon-reply")));
        assertTrue(MASTER.isMetBy(running));
        assertFalse(MASTER.as(Role.BACKUP).isMetBy(running));
    }

    @Test
    void daemonOfIpvsadmIsReadThoughItsAttributeIsMarkedAsNested() {
        assertEquals(Optional.of(MASTER), SettingsCodec.daemon(Vectors.message("ipvsadm-start-daemon")));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void daemonThatIsWrittenIsReadBack(int seed) {
        Random random = new Random(seed);
        Optional<InetAddress> group = switch (random.nextInt(3)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(InetAddress.ofLiteral("239.1.2." + random.nextInt(256)));
            default -> Optional.of(InetAddress.ofLiteral("ff02::" + random.nextInt(1, 10_000)));
        };
        SyncDaemon daemon = new SyncDaemon(
                Role.values()[random.nextInt(2)], "e".repeat(1 + random.nextInt(15)), random.nextInt(256),
                random.nextInt(0x10000), group, random.nextInt(0x10000), random.nextInt(256));
        assertEquals(Optional.of(daemon), SettingsCodec.daemon(message(SettingsCodec.start(daemon))));
    }

    @Test
    void answersThatAreCutAreNone() {
        byte[] daemon = Vectors.message("ipvs-get-daemon-reply").payload();
        for (int length = 5; length < daemon.length; length++) {
            assertEquals(
                    Optional.empty(), SettingsCodec.daemon(message(Arrays.copyOf(daemon, length))), "cut to " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readingNeverThrows(int seed) {
        Random random = new Random(seed);
        byte[] captured = Vectors.message("ipvs-get-daemon-reply").payload();
        for (int i = 0; i < 100; i++) {
            byte[] bytes = captured.clone();
            if (i % 4 == 3) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            } else {
                for (int changes = random.nextInt(8); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            SettingsCodec.daemon(message(bytes));
            SettingsCodec.timeouts(message(bytes));
            SettingsCodec.info(message(bytes));
        }
    }
}
