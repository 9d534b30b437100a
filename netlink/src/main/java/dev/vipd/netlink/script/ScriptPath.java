package dev.vipd.netlink.script;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a script may be run at all: it is there, its account can run it, and nobody but root, that account and the
 * daemon's own could put another in its place. Every folder from the root on and every symbolic link on the way is
 * looked at. keepalived does so with {@code enable_script_security}, and for root's scripts only.
 */
final class ScriptPath {
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;
    private static final int FILE = 0100000;
    private static final int STICKY = 01000;
    private static final int LINKS_MAX = 40; // as the kernel's
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Accounts accounts;
    private final Account account;
    private int links;

    private ScriptPath(Accounts accounts, Account account) {
        this.accounts = accounts;
        this.account = account;
    }

    private record Node(Path path, int type, int mode, int uid, int gid) {
        static Node of(Path path) throws IOException {
            Map<String, Object> is = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
            int mode = (int) is.get("mode");
            return new Node(path, mode & TYPE, mode & 07777, (int) is.get("uid"), (int) is.get("gid"));
        }
    }

    /**
     * The file of a program.
     *
     * @param program an absolute path, or a name that is looked for in PATH
     * @throws IOException with a message that names what is wrong with which path, and what to do
     */
    static Path check(String program, Account account, Accounts accounts) throws IOException {
        Path path = find(program);
        ScriptPath check = new ScriptPath(accounts, account);
        Node file = check.walk(path);
        if (file.type() != FILE) {
            throw new IOException(file.path() + " is not a file; give the program itself");
        }
        check.requireRunnable(file);
        return path;
    }

    /** The path of a program, looked for in PATH unless it is one. @throws IOException when there is none */
    static Path find(String program) throws IOException {
        if (program.startsWith("/")) {
            return Path.of(program).normalize();
        }
        if (program.contains("/")) {
            throw new IOException(program + " is relative to no known folder; give the absolute path");
        }
        for (String folder : Optional.ofNullable(System.getenv("PATH")).orElse(USUAL_PATH).split(":")) {
            Path candidate = Path.of(folder, program);
            if (folder.startsWith("/") && Files.isRegularFile(candidate)) {
                return candidate;
            }
        }
        throw new IOException("there is no program " + program + " in PATH: No such file; install it, or give its"
                + " absolute path");
    }

    /** Follows the path, and returns what it leads to. */
    private Node walk(Path path) throws IOException {
        Deque<Path> left = new ArrayDeque<>();
        path.forEach(left::add);
        Path at = Path.of("/");
        Node node = look(at);
        while (!left.isEmpty()) {
            if (node.type() != FOLDER) {
                throw new IOException(node.path() + " is no folder; correct the path " + path);
            }
            requireSearchable(node);
            Path name = left.pop();
            at = at.resolve(name).normalize();
            node = look(at);
            if (node.type() == LINK) {
                if (++links > LINKS_MAX) {
                    throw new IOException(path + " leads in a circle of symbolic links; give the file itself");
                }
                Path target = Files.readSymbolicLink(at);
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    left.push(target.getName(i));
                }
                at = target.isAbsolute() ? Path.of("/") : at.getParent();
                node = look(at);
            }
        }
        return node;
    }

    private Node look(Path path) throws IOException {
        Node node;
        try {
            node = Node.of(path);
        } catch (FileSystemException e) {
            throw new IOException(path + ": " + (e.getReason() == null ? "No such file" : e.getReason())
                    + "; create it, or correct the path", e);
        }
        requireTrusted(node);
        return node;
    }

    private void requireTrusted(Node node) throws IOException {
        if (node.uid() != 0 && node.uid() != account.uid() && node.uid() != accounts.self().uid()) {
            throw untrusted(node, "belongs to " + accounts.nameOf(node.uid()), "chown root " + node.path());
        }
        boolean shared = node.type() == FOLDER && (node.mode() & STICKY) != 0; // what is in it is looked at itself
        if (node.type() == LINK || shared) {
            return;
        }
        if ((node.mode() & 02) != 0) {
            throw untrusted(node, "may be written by everybody", "chmod o-w " + node.path());
        }
        if ((node.mode() & 020) != 0 && node.gid() != 0) {
            throw untrusted(node, "may be written by group " + accounts.groupNameOf(node.gid()),
                    "chmod g-w " + node.path());
        }
    }

    private IOException untrusted(Node node, String how, String remedy) {
        return new IOException(node.path() + " " + how + " (" + described(node) + "), who could put another program in"
                + " its place that vipd would run as " + account.user() + "; do: " + remedy);
    }

    private void requireSearchable(Node folder) throws IOException {
        if (!account.root() && !allows(folder, 01)) {
            throw new IOException(folder.path() + " (" + described(folder) + ") can't be entered by " + account.user()
                    + ", the script's user: Permission denied; move the script to a folder such as /etc/vipd, or set"
                    + " another script_user");
        }
    }

    private void requireRunnable(Node file) throws IOException {
        boolean runnable = account.root() ? (file.mode() & 0111) != 0 : allows(file, 01);
        if (!runnable) {
            throw new IOException(file.path() + " (" + described(file) + ") can't be run by " + account.user()
                    + ": Permission denied; do: chmod +x " + file.path());
        }
        if (!account.root() && !allows(file, 04) && isText(file.path())) {
            throw new IOException(file.path() + " (" + described(file) + ") can't be read by " + account.user()
                    + ", whose interpreter has to: Permission denied; do: chmod +r " + file.path());
        }
    }

    private boolean allows(Node node, int bit) {
        int shift = node.uid() == account.uid() ? 6 : node.gid() == account.gid() ? 3 : 0;
        return (node.mode() >> shift & bit) != 0;
    }

    private static boolean isText(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == '#' && in.read() == '!';
        }
    }

    private String described(Node node) {
        return "owner " + accounts.nameOf(node.uid()) + ", group " + accounts.groupNameOf(node.gid())
                + String.format(", mode %04o", node.mode());
    }
}
