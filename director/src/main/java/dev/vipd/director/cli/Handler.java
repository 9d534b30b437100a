package dev.vipd.director.cli;

import java.io.PrintStream;

/** What a command does. */
@FunctionalInterface
public interface Handler {
    /**
     * @return the exit status
     * @throws UsageException when operands are missing or superfluous: a hint at the help is added, exit status 64
     * @throws Exception      anything else becomes one line on {@code err} and exit status 1
     */
    int run(Args args, PrintStream out, PrintStream err) throws Exception;
}
