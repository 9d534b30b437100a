package dev.vipd.director;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the process. The JDK has no other way to see SIGHUP than {@code sun.misc.Signal}, and the compiler no way
 * to name that class without a warning: hence reflection, here only.
 */
public final class Signals {
    private Signals() {}

    /** Calls the handler with {@code SIGTERM}, {@code SIGHUP}, ... on a thread of the JVM's each time it comes. */
    public static void on(String name, Consumer<String> handler) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, (self, method, arguments) -> {
                        handler.accept("SIG" + name);
                        return null;
                    });
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't handle SIG" + name, e);
        }
    }
}
