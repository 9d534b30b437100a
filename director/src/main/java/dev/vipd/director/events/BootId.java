package dev.vipd.director.events;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which boot of the kernel this is: two logs with one value share one CLOCK_MONOTONIC. */
final class BootId {
    private BootId() {}

    /** The first four digits of the kernel's boot id; {@code 0000} where there is none. */
    static String read() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).substring(0, 4);
        } catch (IOException | IndexOutOfBoundsException e) {
            return "0000";
        }
    }
}
