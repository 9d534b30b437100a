package dev.vipd.director.realserver;

import java.util.List;

/** What to do about a step that failed. */
final class Hints {
    private Hints() {}

    /** Begins with {@code "; "}; empty where the reason says it all. */
    static String of(List<String> command, String reason) {
        String line = String.join(" ", command);
        if (reason.contains("Operation not permitted")) {
            return "; run it as root, in a container with CAP_NET_ADMIN";
        }
        if (line.startsWith("modprobe ")) {
            return "; install the modules of the kernel that runs (uname -r), in a container load "
                    + command.getLast() + " on its host";
        }
        if (line.contains(" fou add ") && reason.contains("in use")) {
            return "; something else has that UDP port (ss -ulpn), give another by --port here and at the director";
        }
        if (line.startsWith("ip -6 addr add") && reason.contains("denied")) {
            return "; IPv6 is off on that device: set net.ipv6.conf." + command.get(command.indexOf("dev") + 1)
                    + ".disable_ipv6 to 0";
        }
        return "";
    }
}
