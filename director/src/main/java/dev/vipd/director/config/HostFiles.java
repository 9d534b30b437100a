package dev.vipd.director.config;

import dev.vipd.healthcheck.TlsConfig.ClientCert;
import dev.vipd.netlink.script.RunAs;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration names of the host's files, each once, for who looks whether they are fit: what reads the
 * configuration opens none of them. It is apart from the rest so that a block that only moved equals what it was.
 *
 * @param scripts     programs that would be run
 * @param authorities {@code ca} of checks
 * @param pairs       {@code certificate} and {@code key} of checks
 */
public record HostFiles(List<Script> scripts, List<Authorities> authorities, List<Pair> pairs) {
    public HostFiles {
        scripts = List.copyOf(scripts);
        authorities = List.copyOf(authorities);
        pairs = List.copyOf(pairs);
    }

    /**
     * Where something is named first.
     *
     * @param path of the key
     * @param at   of its value
     */
    public record Place(String path, Position at) {
        static Place of(Value value) {
            return new Place(value.path(), value.at());
        }
    }

    /** A command, and as whom it is run; empty: the default. */
    public record Script(Place place, List<String> command, Optional<RunAs> runAs) {
        public Script {
            command = List.copyOf(command);
        }
    }

    /** A PEM file of trusted certificates. */
    public record Authorities(Place place, String file) {}

    /** The PEM files that a check shows. */
    public record Pair(Place certificate, Place key, ClientCert files) {}
}
