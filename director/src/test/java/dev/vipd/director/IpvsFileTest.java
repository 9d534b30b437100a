package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.sync.IpvsMemory;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.ipvs.sync.IpvsMemory.Contents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpvsFileTest {
    private static final Contents SOME = new Contents(
            Map.of(ServiceKey.of(Protocol.TCP, Samples.ip("192.0.2.100"), 80), "web server",
                    new ServiceKey.Mark(7, true), "marked"),
            Map.of("sysctl.sync_threshold", new Change("3 50", "5 100"),
                    "sync_daemon.master", new Change("off", "eth0 id 51")));

    @TempDir
    Path folder;

    private final List<String> troubles = new ArrayList<>();

    private IpvsFile file(String world) {
        return new IpvsFile(folder.resolve("state"), world, troubles::add);
    }

    private Path path() {
        return folder.resolve("state/ipvs");
    }

    @Test
    void whatIsStoredIsLoaded() {
        assertEquals(Contents.EMPTY, file("a").load());
        file("a").store(SOME);
        assertEquals(SOME, file("a").load());
        file("a").store(Contents.EMPTY);
        assertEquals(Contents.EMPTY, file("a").load());
        assertEquals(List.of(), troubles);
    }

    @Test
    void whatIsOfAnotherKernelOrNamespaceIsNothing() {
        file("boot1 net:[1]").store(SOME);
        assertEquals(Contents.EMPTY, file("boot2 net:[1]").load());
        assertEquals(Contents.EMPTY, file("boot1 net:[2]").load());
        assertEquals(List.of(), troubles);
    }

    @Test
    void damageAnywhereIsNothingAndIsTold() throws Exception {
        file("a").store(SOME);
        List<String> whole = Files.readAllLines(path());
        for (int i = 0; i < whole.size(); i++) {
            Files.write(path(), whole.subList(0, i));
            assertEquals(Contents.EMPTY, file("a").load(), "cut to " + i);
            List<String> broken = new ArrayList<>(whole);
            broken.set(i, "x" + whole.get(i));
            Files.write(path(), broken);
            assertEquals(Contents.EMPTY, file("a").load(), broken.get(i));
        }
        assertEquals(2 * whole.size(), troubles.size());
        assertTrue(troubles.getFirst().contains(path() + " is damaged and is ignored"), troubles::getFirst);
        Files.write(path(), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        assertEquals(Contents.EMPTY, file("a").load());
        assertTrue(troubles.getLast().contains("can't read "), troubles::getLast);
    }

    @Test
    void whatCanNotBeWrittenIsToldOnce() throws Exception {
        Files.writeString(folder.resolve("state"), "no folder");
        IpvsFile file = file("a");
        assertFalse(file.store(SOME));
        assertFalse(file.store(Contents.EMPTY));
        assertEquals(1, troubles.size());
        assertTrue(troubles.getFirst().contains("global.state_dir"), troubles::getFirst);
        Files.delete(folder.resolve("state"));
        assertTrue(file.store(SOME));
        assertEquals(SOME, file.load());
    }

    @Test
    void theRunningKernelIsTheSameTheNextTime() {
        IpvsMemory first = IpvsFile.open(folder, false, troubles::add);
        assertFalse(IpvsFile.holdsAny(folder));
        first.store(SOME);
        assertTrue(IpvsFile.holdsAny(folder));
        IpvsMemory dry = IpvsFile.open(folder, true, troubles::add);
        assertEquals(SOME, dry.load());
        dry.store(Contents.EMPTY);
        assertEquals(SOME, IpvsFile.open(folder, false, troubles::add).load(), "a dry run keeps nothing");
        assertEquals(List.of(), troubles);
        assertFalse(Files.exists(folder.resolve("ipvs.new")));
    }
}
