package dev.vipd.director;

import dev.vipd.healthcheck.pool.Admin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What operators want of single real servers, kept in the {@link OperatorFile}, also while a server is not in the
 * configuration. Not thread-safe.
 */
final class ServerOrders {
    private final OperatorFile file;
    private final Map<Server, Admin> orders = new TreeMap<>();

    /**
     * A real server of a service.
     *
     * @param service name in the configuration
     * @param address as in the log: {@code 192.0.2.11:80}
     */
    record Server(String service, String address) implements Comparable<Server> {
        @Override
        public int compareTo(Server other) {
            int byService = service.compareTo(other.service);
            return byService == 0 ? address.compareTo(other.address) : byService;
        }

        @Override
        public String toString() {
            return address + " of " + service;
        }
    }

    /** @throws IOException when the file has a line that means nothing */
    ServerOrders(OperatorFile file) throws IOException {
        this.file = file;
        for (String line : file.of(OperatorFile.SERVER)) {
            String[] words = line.split(" ");
            if (words.length < 3) {
                throw file.meansNothing(OperatorFile.SERVER, line);
            }
            orders.put(new Server(words[0], words[1]), parse(words, line));
        }
    }

    private Admin parse(String[] words, String line) throws IOException {
        Admin.Mode mode = Admin.Mode.ENABLED;
        OptionalInt weight = OptionalInt.empty();
        for (int i = 2; i < words.length; i++) {
            switch (words[i]) {
                case "drain" -> mode = Admin.Mode.DRAIN;
                case "drained" -> mode = Admin.Mode.DRAINED;
                case "disable" -> mode = Admin.Mode.DISABLED;
                case "weight" -> {
                    i++;
                    weight = weight(i < words.length ? words[i] : "");
                    if (weight.isEmpty()) {
                        throw file.meansNothing(OperatorFile.SERVER, line);
                    }
                }
                default -> throw file.meansNothing(OperatorFile.SERVER, line);
            }
        }
        return new Admin(mode, weight);
    }

    /** 0..2^31-1; empty for anything else. */
    static OptionalInt weight(String text) {
        try {
            int weight = Integer.parseInt(text);
            return weight < 0 ? OptionalInt.empty() : OptionalInt.of(weight);
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    Map<Server, Admin> all() {
        return Map.copyOf(orders);
    }

    Admin of(Server server) {
        return orders.getOrDefault(server, Admin.ENABLED);
    }

    /** Those whose drain has not come to its end, configured or not. */
    Set<Server> draining() {
        return orders.entrySet().stream()
                .filter(order -> order.getValue().mode() == Admin.Mode.DRAIN)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * Notes that a drain has come to its end.
     *
     * @return why that can't be kept, so that the next start drains it once more
     */
    Optional<String> drainEnded(Server server) {
        Admin admin = of(server).withMode(Admin.Mode.DRAINED);
        try {
            set(server, admin);
            return Optional.empty();
        } catch (IOException e) {
            orders.put(server, admin);
            return Optional.of(e.getMessage());
        }
    }

    /** @throws IOException when that can't be kept; nothing has changed then */
    void set(Server server, Admin admin) throws IOException {
        Map<Server, Admin> wanted = new TreeMap<>(orders);
        if (admin.equals(Admin.ENABLED)) {
            wanted.remove(server);
        } else {
            wanted.put(server, admin);
        }
        List<String> lines = new ArrayList<>();
        wanted.forEach((at, order) -> lines.add(at.service() + " " + at.address() + text(order)));
        file.put(OperatorFile.SERVER, lines);
        orders.clear();
        orders.putAll(wanted);
    }

    private static String text(Admin admin) {
        String mode = switch (admin.mode()) {
            case ENABLED -> "";
            case DRAIN -> " drain";
            case DRAINED -> " drained";
            case DISABLED -> " disable";
        };
        return mode + (admin.weight().isPresent() ? " weight " + admin.weight().getAsInt() : "");
    }
}
