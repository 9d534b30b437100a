package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.sys.Poller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LoopMailboxTest {
    @Test
    void manyTasksTakeSeveralCyclesInTheirOrder() throws Exception {
        try (LoopMailbox mailbox = new LoopMailbox()) {
            Poller poller = new Poller(List.of(mailbox.fd()));
            List<Integer> ran = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                int number = i;
                mailbox.post(() -> ran.add(number));
            }
            List<Integer> afterCycle = new ArrayList<>();
            while (poller.poll(0) > 0) {
                mailbox.runSome();
                afterCycle.add(ran.size());
            }
            assertEquals(List.of(64, 128, 150), afterCycle);
            assertEquals(ran.stream().sorted().toList(), ran);
        }
    }

    @Test
    void anAnswerOrItsFailureComesBack() throws Exception {
        try (LoopMailbox mailbox = new LoopMailbox()) {
            CompletableFuture<String> good = mailbox.ask(() -> "yes");
            CompletableFuture<String> bad = mailbox.ask(() -> {
                throw new IOException("no interface");
            });
            assertFalse(good.isDone());
            mailbox.runSome();
            assertEquals("yes", good.get());
            assertEquals("no interface", assertThrows(ExecutionException.class, bad::get).getCause().getMessage());
        }
    }

    @Test
    void whoAsksAfterTheEndIsToldSo() throws Exception {
        LoopMailbox mailbox = new LoopMailbox();
        mailbox.close();
        mailbox.post(() -> {
            throw new AssertionError("ran");
        });
        CompletableFuture<String> late = mailbox.ask(() -> "yes");
        assertTrue(late.isCompletedExceptionally());
    }
}
