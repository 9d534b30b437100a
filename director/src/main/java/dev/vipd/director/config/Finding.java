package dev.vipd.director.config;

/**
 * One thing that is wrong, or doubtful, in a configuration.
 *
 * @param file     name of the file as the user gave it
 * @param line     1-based
 * @param column   1-based, in code points
 * @param path     of the key, as {@code virtual_servers.web.real_servers[1].weight}; empty: the file as a whole
 * @param severity an ERROR refuses the configuration, a WARNING does not
 * @param message  one line: what is wrong, what was expected, what to do
 */
public record Finding(String file, int line, int column, String path, Severity severity, String message) {

    /** Whether the configuration can be used in spite of the finding. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code FILE:LINE:COL: PATH: message}; the message of a warning begins with {@code warning: }. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ")
                + (isError() ? "" : "warning: ") + message;
    }
}
