package dev.vipd.netlink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, seen by made-up accounts. The folder of the tests belongs to whoever runs them. */
class ScriptPathTest {
    private static final Account NOBODY = new Account("nobody", 65_534, 65_534);

    @TempDir
    Path folder;

    private Path script;
    private Accounts accounts;
    private Account self;

    @BeforeEach
    void makeScript() throws IOException {
        folder = folder.toRealPath();
        mode(folder, "rwxr-xr-x");
        script = Files.writeString(folder.resolve("notify.sh"), "#!/bin/sh\n");
        mode(script, "rwxr-xr-x");
        int uid = (int) Files.getAttribute(script, "unix:uid");
        int gid = (int) Files.getAttribute(script, "unix:gid");
        accounts = new Accounts(
                List.of("root:x:0:0::/:/bin/sh", "nobody:x:65534:65534::/:"), List.of("users:x:100:"), uid, gid, true);
        self = accounts.self();
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private String refusal(Path path, Account account) {
        return assertThrows(IOException.class, () -> ScriptPath.check(path.toString(), account, accounts)).getMessage();
    }

    private static void assertSays(String message, Object... parts) {
        for (Object part : parts) {
            assertTrue(message.contains(part.toString()), message + " does not say: " + part);
        }
    }

    @Test
    void aScriptOfTheDaemonsOwnAccountIsFine() throws Exception {
        assertEquals(script, ScriptPath.check(script.toString(), self, accounts));
        assertEquals(script, ScriptPath.check(script.toString(), NOBODY, accounts));
    }

    @Test
    void aBareNameIsLookedForInPath() throws Exception {
        assertTrue(ScriptPath.check("sh", NOBODY, accounts).isAbsolute());
        String message = assertThrows(
                IOException.class, () -> ScriptPath.check("no-such-program", NOBODY, accounts)).getMessage();
        assertSays(message, "no-such-program", "No such file", "absolute path");
        assertSays(assertThrows(IOException.class, () -> ScriptPath.check("bin/x", NOBODY, accounts)).getMessage(),
                "bin/x", "absolute path");
    }

    @Test
    void aFolderThatEverybodyMayWriteIsNamed() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Path inside = Files.copy(script, open.resolve("notify.sh"));
        mode(inside, "rwxr-xr-x");
        mode(open, "rwxrwxrwx");
        assertSays(refusal(inside, self), open + " may be written by everybody", "mode 0777", "chmod o-w " + open);
    }

    @Test
    void aStickyFolderGuardsWhatIsInIt() throws Exception {
        Path sticky = Files.createDirectory(folder.resolve("sticky"));
        Path inside = Files.copy(script, sticky.resolve("notify.sh"));
        mode(inside, "rwxr-xr-x");
        Files.setAttribute(sticky, "unix:mode", 01777);
        assertEquals(inside, ScriptPath.check(inside.toString(), self, accounts));
    }

    @Test
    void aFileThatEverybodyMayWriteIsNamed() throws Exception {
        mode(script, "rwxr-xrwx");
        assertSays(refusal(script, self), script + " may be written by everybody", "mode 0757", "chmod o-w " + script);
    }

    /** Root may own anything, so its test gives the script away; others see their own from another account. */
    @Test
    void anotherOwnerIsNamed() throws Exception {
        Accounts others = new Accounts(List.of("nobody:x:65534:65534::/:"), List.of(), 4242, 4242, true);
        int owner = self.uid();
        if (self.root()) {
            owner = 4243;
            Files.setAttribute(script, "unix:uid", owner);
        }
        String message = assertThrows(
                IOException.class, () -> ScriptPath.check(script.toString(), NOBODY, others)).getMessage();
        assertSays(message, "belongs to user " + owner, "as nobody", "chown root ");
    }

    @Test
    void aLinkIsFollowedAndItsTargetLookedAt() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Path target = Files.copy(script, open.resolve("real.sh"));
        mode(target, "rwxr-xr-x");
        Path link = Files.createSymbolicLink(folder.resolve("link.sh"), Path.of("open/real.sh"));
        assertEquals(link, ScriptPath.check(link.toString(), self, accounts));
        mode(open, "rwxrwxrwx");
        assertSays(refusal(link, self), open + " may be written by everybody");
        Path circle = Files.createSymbolicLink(folder.resolve("circle"), folder.resolve("circle"));
        assertSays(refusal(circle, self), "circle of symbolic links");
    }

    @Test
    void missingOrNotExecutableIsSaidSo() throws Exception {
        assertSays(refusal(folder.resolve("missing"), self), folder.resolve("missing") + ": No such file");
        assertSays(refusal(script.resolve("below"), self), script + " is no folder");
        assertSays(refusal(folder, self), folder + " is not a file");
        mode(script, "rw-r--r--");
        assertSays(refusal(script, self), script.toString(), "chmod +x " + script, "Permission denied");
        mode(script, "rwx--x--x");
        assertSays(refusal(script, NOBODY), "can't be read by nobody", "chmod +r");
        mode(script, "rwxr-xr-x");
        mode(folder, "rwx------");
        assertSays(refusal(script, NOBODY), folder.toString(), "can't be entered by nobody", "script_user");
    }

    @Test
    void accountsAreThoseOfTheHost() throws Exception {
        Account nobody = new Account("nobody", 65_534, 65_534);
        Accounts root = new Accounts(
                List.of("root:x:0:0::/:/bin/sh", "nobody:x:65534:65534::/:", "bad line", "x:x:no:1:"),
                List.of("ops:x:300:alice"), 0, 0, true);
        assertEquals(nobody, root.resolve(Optional.empty()), "never root by itself");
        assertEquals(new Account("root", 0, 300), root.resolve(Optional.of(new RunAs("root", Optional.of("ops")))));
        assertEquals(new Account("7", 7, 8), root.resolve(Optional.of(new RunAs("7", Optional.of("8")))));
        assertSays(assertThrows(IOException.class,
                        () -> root.resolve(Optional.of(new RunAs("bob", Optional.empty())))).getMessage(),
                "no user bob", "useradd");
        assertSays(assertThrows(IOException.class,
                        () -> root.resolve(Optional.of(new RunAs("root", Optional.of("gone"))))).getMessage(),
                "no group gone", "groupadd");
        Accounts bare = new Accounts(List.of("root:x:0:0::/:/bin/sh"), List.of(), 0, 0, true);
        assertSays(assertThrows(IOException.class, () -> bare.resolve(Optional.empty())).getMessage(),
                "keepalived_script", "script_user");
        Accounts bound = new Accounts(List.of("nobody:x:65534:65534::/:"), List.of(), 0, 0, false);
        assertSays(assertThrows(IOException.class, () -> bound.resolve(Optional.empty())).getMessage(),
                "CAP_SETUID", "script_user");
        Accounts plain = new Accounts(List.of("vipd:x:900:900::/:"), List.of(), 900, 900, false);
        assertEquals(new Account("vipd", 900, 900), plain.resolve(Optional.empty()));
    }
}
