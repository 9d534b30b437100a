package dev.vipd.director;

import dev.vipd.director.config.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which service and which real server an operator means, and what to answer when there is none of that name. */
final class ServerNames {
    private static final int SHOWN_MAX = 10;

    private ServerNames() {}

    /**
     * The address that a word stands for. Its port may be left out, as far as one alone fits; so may the brackets of an
     * IPv6 address then.
     *
     * @param addresses as in the log: {@code 192.0.2.11:80}
     */
    static Optional<String> find(String word, List<String> addresses) {
        String wanted = word.toLowerCase(Locale.ROOT);
        if (addresses.contains(wanted)) {
            return Optional.of(wanted);
        }
        boolean bare = wanted.indexOf(':') != wanted.lastIndexOf(':') && !wanted.startsWith("[");
        String beginning = (bare ? "[" + wanted + "]" : wanted) + ":";
        List<String> fitting = addresses.stream()
                .filter(address -> address.startsWith(beginning) && address.lastIndexOf(':') < beginning.length())
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    static String noService(String word, List<String> services) {
        return "there is no virtual server " + Spelling.quote(word) + orThese(word, services, "known: ") + "\n";
    }

    static String noServer(String service, String word, List<String> addresses) {
        return service + " has no real server " + Spelling.quote(word) + orThese(word, addresses, "it has ") + "\n";
    }

    /** There may be ten thousand. */
    private static String orThese(String word, List<String> names, String opening) {
        Optional<String> near = names.size() > SHOWN_MAX ? Spelling.nearest(word, names) : Optional.empty();
        if (near.isPresent()) {
            return "; did you mean " + near.get() + "?";
        }
        String more = names.size() > SHOWN_MAX ? " and " + (names.size() - SHOWN_MAX) + " more; see vipd status" : "";
        return names.isEmpty()
                ? "; none is configured"
                : "; " + opening + String.join(", ", names.subList(0, Math.min(names.size(), SHOWN_MAX))) + more;
    }
}
