package dev.vipd.ipvs.kernel;

import dev.vipd.netlink.sys.Sysctls;
import java.io.IOException;
import java.util.Optional;

/**
 * The kernel's settings {@code net.ipv4.vs.*}, of the network namespace of this process. They are there while IPVS is
 * loaded, and have their defaults again after the module was.
 */
public interface IpvsSysctls {
    /** A kernel without any. */
    IpvsSysctls NONE = new IpvsSysctls() {
        @Override
        public Optional<String> get(String name) {
            return Optional.empty();
        }

        @Override
        public void set(String name, String value) throws IOException {
            throw new IOException("there is no net.ipv4.vs." + name);
        }
    };

    /**
     * Its value, with one space between numbers; empty: this kernel has no such setting.
     *
     * @param name for example {@code conn_reuse_mode}
     */
    Optional<String> get(String name) throws IOException;

    /** @throws IOException the kernel refuses, with a message that names the setting */
    void set(String name, String value) throws IOException;

    /** Those of the running kernel. Not thread-safe. */
    static IpvsSysctls ofKernel() {
        Sysctls files = new Sysctls();
        return new IpvsSysctls() {
            @Override
            public Optional<String> get(String name) throws IOException {
                return files.get("ipv4/vs/" + name).map(value -> value.replaceAll("\\s+", " "));
            }

            @Override
            public void set(String name, String value) throws IOException {
                files.set("ipv4/vs/" + name, value);
            }
        };
    }
}
