package dev.vipd.netlink.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The accounts of this host and what this process may do with them. Read from /etc/passwd and /etc/group themselves: a
 * director must not wait for a directory server to run a script.
 */
public final class Accounts {
    /** Whom scripts run as when nobody says so, the first that exists. */
    private static final List<String> DEFAULT_USERS = List.of("keepalived_script", "nobody");

    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;
    private static final int NAME = 0;
    private static final int NUMBER = 2;
    private static final int PRIMARY_GROUP = 3;

    private final List<String[]> users;
    private final List<String[]> groups;
    private final Account self;
    private final boolean maySwitch;

    /**
     * @param passwd    lines of /etc/passwd
     * @param group     lines of /etc/group
     * @param uid       effective user of this process
     * @param gid       effective group of this process
     * @param maySwitch whether it has CAP_SETUID and CAP_SETGID
     */
    Accounts(List<String> passwd, List<String> group, int uid, int gid, boolean maySwitch) {
        users = passwd.stream().map(line -> line.split(":", -1)).filter(Accounts::usable).toList();
        groups = group.stream().map(line -> line.split(":", -1)).filter(Accounts::usable).toList();
        self = new Account(name(users, uid).orElseGet(() -> Integer.toUnsignedString(uid)), uid, gid);
        this.maySwitch = maySwitch;
    }

    /** As they are now. A file that can't be read counts as empty: numbers still work. */
    public static Accounts read() {
        List<String> status = lines("/proc/self/status");
        int uid = Integer.parseUnsignedInt(field(status, "Uid:").orElse("0"));
        int gid = Integer.parseUnsignedInt(field(status, "Gid:").orElse("0"));
        long switching = 1L << CAP_SETUID | 1L << CAP_SETGID;
        long effective = Long.parseUnsignedLong(field(status, "CapEff:").orElse("0"), 16);
        return new Accounts(
                lines("/etc/passwd"), lines("/etc/group"), uid, gid, (effective & switching) == switching);
    }

    /** The same as a daemon sees them that root has started, whoever asks now. */
    public static Accounts readAsRoot() {
        return new Accounts(lines("/etc/passwd"), lines("/etc/group"), 0, 0, true);
    }

    /** The account of this process. */
    public Account self() {
        return self;
    }

    /**
     * Whom a script runs as.
     *
     * @param wanted as configured; empty: keepalived_script or nobody, or the account of this process if that is not
     *               root
     * @throws IOException with a message that says what is missing and what to do
     */
    public Account resolve(Optional<RunAs> wanted) throws IOException {
        Account account = wanted.isPresent() ? find(wanted.get()) : byDefault();
        if (!maySwitch && (account.uid() != self.uid() || account.gid() != self.gid())) {
            throw new IOException("vipd runs as " + self.user() + " without CAP_SETUID and CAP_SETGID, so it can't run"
                    + " scripts as " + account.user() + "; give it those capabilities, or set script_user: "
                    + self.user());
        }
        return account;
    }

    /** Name of a user, or its number in words. */
    String nameOf(int uid) {
        return name(users, uid).orElse("user " + Integer.toUnsignedString(uid));
    }

    String groupNameOf(int gid) {
        return name(groups, gid).orElse("group " + Integer.toUnsignedString(gid));
    }

    private Account byDefault() throws IOException {
        if (!self.root()) {
            return self;
        }
        for (String user : DEFAULT_USERS) {
            if (row(users, user).isPresent()) {
                return find(new RunAs(user, Optional.empty()));
            }
        }
        throw new IOException("scripts have no user to run as: this host has neither "
                + String.join(" nor ", DEFAULT_USERS) + "; create one of them, or set script_user (root, if it has to"
                + " be)");
    }

    private Account find(RunAs wanted) throws IOException {
        Optional<String[]> user = row(users, wanted.user());
        if (user.isEmpty() && number(wanted.user()).isEmpty()) {
            throw new IOException("there is no user " + wanted.user() + " in /etc/passwd; create it (useradd --system "
                    + wanted.user() + "), or name another script_user");
        }
        int uid = number(user.isPresent() ? user.get()[NUMBER] : wanted.user()).orElseThrow();
        if (wanted.group().isEmpty() && user.isEmpty()) {
            throw new IOException("user " + wanted.user() + " is not in /etc/passwd, so its group is not known; give"
                    + " the group too");
        }
        int gid = wanted.group().isPresent()
                ? group(wanted.group().get())
                : number(user.orElseThrow()[PRIMARY_GROUP]).orElseThrow();
        return new Account(user.map(row -> row[NAME]).orElse(wanted.user()), uid, gid);
    }

    private int group(String name) throws IOException {
        return row(groups, name)
                .map(row -> row[NUMBER])
                .or(() -> Optional.of(name))
                .flatMap(Accounts::number)
                .orElseThrow(() -> new IOException("there is no group " + name
                        + " in /etc/group; create it (groupadd --system " + name + "), or name another"));
    }

    private static Optional<String[]> row(List<String[]> table, String name) {
        return table.stream().filter(row -> row[NAME].equals(name)).findFirst();
    }

    private static Optional<String> name(List<String[]> table, int number) {
        return table.stream()
                .filter(row -> number(row[NUMBER]).equals(Optional.of(number)))
                .map(row -> row[NAME])
                .findFirst();
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Both files have name, password, number, and then a number (the primary group) or members. */
    private static boolean usable(String[] row) {
        return row.length > PRIMARY_GROUP && number(row[NUMBER]).isPresent();
    }

    /** The effective one of the numbers after the key: real, effective, saved; or the only one. */
    private static Optional<String> field(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split("\\s+"))
                .map(words -> words[Math.min(1, words.length - 1)])
                .findFirst();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
