package dev.vipd.director;

import java.util.function.Consumer;
import sun.misc.Signal;

/** Signals of the process. The JDK has no other way to see SIGHUP. */
final class Signals {
    private Signals() {}

    /** Calls the handler with {@code SIGTERM}, {@code SIGHUP}, ... on a thread of the JVM's each time it comes. */
    @SuppressWarnings("sunapi")
    static void on(String name, Consumer<String> handler) {
        Signal.handle(new Signal(name), signal -> handler.accept("SIG" + signal.getName()));
    }
}
