package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerHealthTest {
    private static final InetSocketAddress TARGET = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.11"), 80);
    private static final CheckConfig TCP = new CheckConfig.Tcp(TARGET, timing(false, 1));
    private static final CheckConfig HTTP = http(timing(false, 1));
    private static final CheckOutcome PASSED = new CheckOutcome.Passed(0);
    private static final CheckOutcome REFUSED = new CheckOutcome.Failed("connect refused", 0);
    private static final CheckOutcome STATUS = new CheckOutcome.Failed("status 503, want 200-299", 0);

    private static CheckTiming timing(boolean alpha, int rise) {
        return new CheckTiming(1000, 500, 0, 100, rise, 1, 1000, alpha);
    }

    private static CheckConfig http(CheckTiming timing) {
        return new CheckConfig.Http(
                TARGET, timing, "/", Optional.empty(), List.of(new CheckConfig.StatusRange(200, 299)));
    }

    @Test
    void aServerWithoutChecksIsUp() {
        assertEquals(HealthState.UP, new ServerHealth(List.of(), 1, 0).state());
    }

    @Test
    void oneFailingCheckOfSeveralTakesTheServerDownAndOnlyTheLastToPassBringsItBack() {
        ServerHealth health = new ServerHealth(List.of(TCP, HTTP), 1, 0);
        HealthTransition down =
                new HealthTransition(HealthState.UP, HealthState.DOWN, "http: status 503, want 200-299", 5);
        assertEquals(Optional.of(down), health.on(HTTP, STATUS, 5));
        assertEquals(Optional.empty(), health.on(TCP, REFUSED, 6));
        assertEquals(Optional.of("tcp: connect refused"), health.reason());
        assertEquals(Optional.empty(), health.on(HTTP, PASSED, 7));
        assertEquals(
                Optional.of(new HealthTransition(HealthState.DOWN, HealthState.UP, "tcp: passed", 8)),
                health.on(TCP, PASSED, 8));
        assertEquals(Optional.empty(), health.reason());
        assertEquals(8, health.sinceNs());
    }

    @Test
    void withAnAlphaCheckANewServerBeginsDown() {
        CheckConfig alpha = http(timing(true, 1));
        ServerHealth health = new ServerHealth(List.of(TCP, alpha), 1, 0);
        assertEquals(HealthState.DOWN, health.state());
        assertEquals(Optional.of("http: not checked yet"), health.reason());
        assertEquals(HealthState.UP, health.on(alpha, PASSED, 1).orElseThrow().to());
    }

    @Test
    void equalChecksCountOnce() {
        ServerHealth health = new ServerHealth(List.of(TCP, TCP), 1, 0);
        assertEquals(List.of(TCP), health.checks());
    }

    @Test
    void aCheckThatStaysKeepsItsTracker() {
        ServerHealth health = new ServerHealth(List.of(TCP, HTTP), 1, 0);
        CheckTracker tcp = health.tracker(TCP);
        CheckConfig equal = new CheckConfig.Tcp(TARGET, timing(false, 1));
        assertEquals(Optional.empty(), health.reconfigure(List.of(equal), 10));
        assertSame(tcp, health.tracker(TCP));
        assertThrows(IllegalArgumentException.class, () -> health.tracker(HTTP));
    }

    @Test
    void aReloadThatChangesTheFailingCheckDoesNotBringTheServerBack() {
        ServerHealth health = new ServerHealth(List.of(TCP, HTTP), 1, 0);
        health.on(HTTP, STATUS, 5);
        CheckConfig changed = http(timing(false, 2));
        assertEquals(Optional.empty(), health.reconfigure(List.of(TCP, changed), 10));
        assertEquals(HealthState.DOWN, health.state());
        assertEquals(5, health.sinceNs());
        assertEquals(Optional.empty(), health.on(changed, PASSED, 11));
        assertEquals("http: passed 2 in a row", health.on(changed, PASSED, 12).orElseThrow().reason());
    }

    @Test
    void aReloadThatAddsAnAlphaCheckDoesNotTakeAServingServerOut() {
        ServerHealth health = new ServerHealth(List.of(TCP), 1, 0);
        CheckConfig alpha = http(timing(true, 1));
        assertEquals(Optional.empty(), health.reconfigure(List.of(TCP, alpha), 10));
        assertEquals(HealthState.UP, health.state());
        assertEquals(HealthState.DOWN, health.on(alpha, STATUS, 11).orElseThrow().to());
    }

    @Test
    void removalOfTheFailingCheckBringsTheServerBack() {
        ServerHealth health = new ServerHealth(List.of(TCP, HTTP), 1, 0);
        health.on(HTTP, STATUS, 5);
        assertEquals(
                Optional.of(new HealthTransition(HealthState.DOWN, HealthState.UP, "failing check removed", 10)),
                health.reconfigure(List.of(TCP), 10));
    }
}
