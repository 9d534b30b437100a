package dev.vipd.healthcheck;

import java.util.Set;

/** How one probe ended. Texts are short, in lower case and without varying parts, so that equal faults are equal. */
public sealed interface CheckOutcome {
    /** The outcome for people: {@code passed}, {@code connect refused}, {@code local fault: too many open files}. */
    String text();

    /** Whether both say the same, whatever the time they took. */
    default boolean saysSameAs(CheckOutcome other) {
        return getClass() == other.getClass() && text().equals(other.text());
    }

    /**
     * The server did what the check asks.
     *
     * @param advice     what it said about its weight
     * @param warning    what will fail some day: {@code certificate expires in 3 days}; may be empty
     * @param durationNs from the start of the connect to the verdict
     */
    record Passed(Advice advice, String warning, long durationNs) implements CheckOutcome {
        public Passed(long durationNs) {
            this(Advice.NONE, "", durationNs);
        }

        /** Asked after every probe: no text is made for it. */
        @Override
        public boolean saysSameAs(CheckOutcome other) {
            return other instanceof Passed passed && advice.equals(passed.advice) && warning.equals(passed.warning);
        }

        @Override
        public String text() {
            String said = advice.text();
            return "passed" + (said.isEmpty() ? "" : ", " + said) + (warning.isEmpty() ? "" : ", " + warning);
        }
    }

    /**
     * The server did not do what the check asks.
     *
     * @param reason     {@code connect refused}, {@code status 503, want 200-299}, {@code body timed out after 2s}
     * @param durationNs from the start of the connect to the verdict
     */
    record Failed(String reason, long durationNs) implements CheckOutcome {
        private static final Set<String> SILENCE = Set.of("connect", "echo reply", "answer", "reply");

        /**
         * A host that is gone makes the same probe end now in silence, now in {@code no route to host}, as the kernel
         * forgets and learns anew that nobody answers: that is one thing to say, and not to be told every time.
         */
        @Override
        public boolean saysSameAs(CheckOutcome other) {
            return other instanceof Failed failed
                    && (reason.equals(failed.reason) || unreachable(reason) && unreachable(failed.reason));
        }

        private static boolean unreachable(String reason) {
            int end = reason.indexOf(" timed out after ");
            return reason.equals("no route to host") || end > 0 && SILENCE.contains(reason.substring(0, end));
        }

        @Override
        public String text() {
            return reason;
        }
    }

    /**
     * The probe could not be made, or not be judged, for a fault of this machine: no route, no descriptors, no source
     * address, a stalled process. It says nothing about the server and is never held against it.
     */
    record LocalFault(String reason) implements CheckOutcome {
        @Override
        public String text() {
            return "local fault: " + reason;
        }
    }
}
