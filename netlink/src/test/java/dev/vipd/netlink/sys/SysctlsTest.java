package dev.vipd.netlink.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlsTest {
    private static final String KEY = "ipv4/conf/eth0/arp_ignore";

    @TempDir
    private Path root;

    private Sysctls sysctls;

    @BeforeEach
    void anInterfaceHasASetting() throws IOException {
        Files.createDirectories(root.resolve(KEY).getParent());
        Files.writeString(root.resolve(KEY), "2\n");
        sysctls = new Sysctls(root);
    }

    @Test
    void whatWasChangedIsPutBack() throws IOException {
        sysctls.set(KEY, "1");
        sysctls.set(KEY, "0");
        assertEquals(Optional.of("0"), sysctls.get(KEY));
        sysctls.restoreAll();
        assertEquals(Optional.of("2"), sysctls.get(KEY));
    }

    @Test
    void whatWasSoAlreadyIsLeftAlone() throws IOException {
        sysctls.set(KEY, "2");
        Files.writeString(root.resolve(KEY), "1\n");
        sysctls.restoreAll();
        assertEquals(Optional.of("1"), sysctls.get(KEY));
    }

    @Test
    void whatSomebodyElseSetMeanwhileStays() throws IOException {
        sysctls.set(KEY, "1");
        Files.writeString(root.resolve(KEY), "8\n");
        sysctls.restoreAll();
        assertEquals(Optional.of("8"), sysctls.get(KEY));
    }

    @Test
    void anInterfaceThatWentIsForgotten() throws IOException {
        sysctls.set(KEY, "1");
        Files.delete(root.resolve(KEY));
        sysctls.restoreAll();
        assertEquals(Optional.empty(), sysctls.get(KEY));
    }

    @Test
    void aSettingThatIsNotThereIsNamed() {
        IOException e = assertThrows(IOException.class, () -> sysctls.set("ipv4/conf/eth9/arp_ignore", "1"));
        assertEquals(true, e.getMessage().startsWith("set net/ipv4/conf/eth9/arp_ignore to 1: "));
    }

    @Test
    void aValueOfTheKernelIsReadToItsEnd() throws IOException {
        String range = new Sysctls().get("ipv4/ip_local_port_range").orElseThrow();
        assertEquals(true, range.matches("[0-9]{2,5}\\s+[0-9]{2,5}"), range);
    }
}
