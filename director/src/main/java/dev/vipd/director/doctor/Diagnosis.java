package dev.vipd.director.doctor;

/**
 * What one check found.
 *
 * @param check what was looked at, a stable word: {@code arp}, {@code netmask}
 * @param what  one line: what is wrong, or that it is well
 * @param where the services, instances or servers that it concerns; may be empty
 * @param why   one sentence: what clients will see of it; empty when it is well
 * @param mend  the command or the key of the configuration that mends it; empty when it is well
 */
public record Diagnosis(Severity severity, String check, String what, String where, String why, String mend) {
    /** In the order they are shown in. */
    public enum Severity {
        /** Clients go without an answer, now or after a failover. */
        ERROR,
        /** It works, but not for everybody, or not for long. */
        WARN,
        /** It could not be looked at. */
        UNKNOWN,
        OK
    }

    static Diagnosis error(String check, String what, String where, String why, String mend) {
        return new Diagnosis(Severity.ERROR, check, what, where, why, mend);
    }

    static Diagnosis warn(String check, String what, String where, String why, String mend) {
        return new Diagnosis(Severity.WARN, check, what, where, why, mend);
    }

    /** @param mend how it could be looked at */
    static Diagnosis unknown(String check, String what, String why, String mend) {
        return new Diagnosis(Severity.UNKNOWN, check, what, "", why, mend);
    }

    static Diagnosis ok(String check, String what) {
        return new Diagnosis(Severity.OK, check, what, "", "", "");
    }
}
