package dev.vipd.director;

import static dev.vipd.director.Samples.RS1;
import static dev.vipd.director.Samples.RS2;
import static dev.vipd.director.Samples.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.HealthState;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.RealServerId;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthBoardTest {
    private static final RealServerId WEB1 = new RealServerId("web", RS1.address(), 80);

    private final HealthBoard board = new HealthBoard();

    @Test
    void aServerIsKnownByServiceAddressAndPort() {
        assertEquals("web/192.0.2.11:80", HealthBoard.checkId("web", RS1));
        RealServer v6 = new RealServer(InetAddress.ofLiteral("2001:db8::1"), 80, 1, ForwardingMethod.DR);
        assertEquals("web/[2001:db8::1]:80", HealthBoard.checkId("web", v6));
        board.configure(List.of(service("web", 80, RS1)));
        assertEquals(Optional.of(WEB1), board.set("web/192.0.2.11:80", HealthState.DOWN));
        assertEquals(Optional.empty(), board.set("web/192.0.2.12:80", HealthState.DOWN));
    }

    @Test
    void onlyAChangeIsOne() {
        board.configure(List.of(service("web", 80, RS1, RS2)));
        assertTrue(board.healthy(WEB1));
        assertEquals(Optional.empty(), board.set("web/192.0.2.11:80", HealthState.UP), "it is up until told otherwise");
        assertEquals(Optional.of(WEB1), board.set("web/192.0.2.11:80", HealthState.DOWN));
        assertEquals(Optional.empty(), board.set("web/192.0.2.11:80", HealthState.DOWN));
        assertFalse(board.healthy(WEB1));
        assertTrue(board.healthy(new RealServerId("web", RS2.address(), 80)));
        assertEquals(Optional.of(WEB1), board.set("web/192.0.2.11:80", HealthState.UP));
        assertTrue(board.healthy(WEB1));
    }

    @Test
    void oneMachineInTwoServicesIsTwoServers() {
        board.configure(List.of(service("web", 80, RS1), service("api", 81, RS1)));
        board.set("web/192.0.2.11:80", HealthState.DOWN);
        assertTrue(board.healthy(new RealServerId("api", RS1.address(), 80)));
    }

    @Test
    void aReloadKeepsTheStateOfServersThatStay() {
        board.configure(List.of(service("web", 80, RS1, RS2)));
        board.set("web/192.0.2.11:80", HealthState.DOWN);
        board.configure(List.of(service("web", 80, RS1)));
        assertFalse(board.healthy(WEB1));
        assertEquals(Optional.empty(), board.set("web/192.0.2.12:80", HealthState.DOWN), "a late report");
        assertTrue(board.healthy(new RealServerId("web", RS2.address(), 80)));
    }

    @Test
    void aServerThatWentAndComesBackIsUpAgain() {
        board.configure(List.of(service("web", 80, RS1)));
        board.set("web/192.0.2.11:80", HealthState.DOWN);
        board.configure(List.of());
        board.configure(List.of(service("web", 80, RS1)));
        assertTrue(board.healthy(WEB1));
    }
}
