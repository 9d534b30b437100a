package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsSysctls;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps what IPVS has besides its table: compares, changes what differs, and puts back what is no longer wanted, unless
 * somebody else has set it to yet another value. Sysctls come first, since sync daemons look at them only when they
 * start. Called by one thread only.
 */
final class SettingsKeeper {
    private static final String SYSCTL = "sysctl.";
    private static final String TIMEOUTS = "timeouts";
    private static final String RETRY = "retry";
    /** Kernel documentation, networking/ipvs-sysctl: 1 and 2 are one setting, and which of them it is a state. */
    private static final Set<String> DEFENCES = Set.of("drop_entry", "drop_packet", "secure_tcp");

    private final IpvsKernel kernel;
    private final IpvsSysctls sysctls;
    private final Ledger ledger;
    private final SettingNews news;
    private final DaemonKeeper daemons;
    private IpvsSettings wanted = IpvsSettings.NONE;
    /** Before the first settings nothing is known to be unwanted. */
    private boolean used;
    /** The ledger as it will be when the changes that it is to have have been made. */
    private Map<String, Change> changes = Map.of();

    SettingsKeeper(IpvsKernel kernel, IpvsSysctls sysctls, IpvsListener listener, Ledger ledger) {
        this.kernel = kernel;
        this.sysctls = sysctls;
        this.ledger = ledger;
        news = new SettingNews(listener);
        daemons = new DaemonKeeper(kernel, ledger, news);
    }

    /** One change that is due. */
    private record Step(String key, String from, String to, boolean ours, Setter setter) {}

    private interface Setter {
        void set() throws IOException;
    }

    /** Takes what is wanted from now on, and sees to it. */
    void use(IpvsSettings settings, String why) {
        wanted = settings;
        used = true;
        news.forgetFailed(SYSCTL, sysctlNames().stream().map(SYSCTL::concat).collect(Collectors.toSet()));
        compare(why);
    }

    /** Sees whether all is as wanted. */
    void check() {
        if (used) {
            compare(RETRY);
        }
    }

    /** Puts back everything, in the end. */
    void putBack() {
        use(IpvsSettings.NONE, "stop");
    }

    private void compare(String why) {
        if (wanted.equals(IpvsSettings.NONE) && ledger.settings().isEmpty()) {
            return;
        }
        try {
            Timeouts now = kernel.timeouts(); // where IPVS is not loaded there are no sysctls either, and all is untold
            changes = new HashMap<>(ledger.settings());
            List<Step> steps = new ArrayList<>();
            for (String name : sysctlNames()) {
                planSysctl(name, steps);
            }
            planTimeouts(now, steps);
            ledger.settings(changes); // before any of them is made
            steps.forEach(step -> make(step, why));
            ledger.settings(changes);
            daemons.compare(wanted.daemons(), why);
        } catch (NetlinkException e) {
            news.failed(TIMEOUTS, wanted.timeouts().describe(), e.getMessage());
        } catch (IpvsUnavailableException e) {
            // told by the look at the table that is due: one reason is enough
        }
    }

    private Set<String> sysctlNames() {
        Set<String> names = new TreeSet<>(wanted.sysctls().keySet());
        ledger.settings().keySet().stream()
                .filter(key -> key.startsWith(SYSCTL))
                .forEach(key -> names.add(key.substring(SYSCTL.length())));
        return names;
    }

    private void planSysctl(String name, List<Step> steps) {
        String key = SYSCTL + name;
        Optional<String> want = Optional.ofNullable(wanted.sysctls().get(name)).map(value -> plain(name, value));
        try {
            Optional<String> now = sysctls.get(name).map(value -> plain(name, value));
            if (now.isPresent()) {
                String to = target(key, want, now.get());
                if (to.equals(now.get())) {
                    settled(key, want);
                } else {
                    steps.add(new Step(key, now.get(), to, want.isPresent(), () -> setSysctl(name, to)));
                }
            } else if (want.isPresent()) {
                news.failed(key, want.get(), "this kernel has no net.ipv4.vs." + name);
            } else {
                changes.remove(key);
                news.forget(key);
            }
        } catch (IOException e) {
            news.failed(key, want.orElse("what it was"), "can't read it: " + e.getMessage());
        }
    }

    /** One text for what means the same: the kernel itself makes 2 of 1 when memory is short, and 1 of 2 later. */
    private static String plain(String name, String value) {
        String text = value.strip().replaceAll("\\s+", " ");
        return DEFENCES.contains(name) && text.equals("2") ? "1" : text;
    }

    private void setSysctl(String name, String to) throws IOException {
        sysctls.set(name, to);
        Optional<String> now = sysctls.get(name).map(value -> plain(name, value));
        if (!now.equals(Optional.of(to))) {
            throw new IOException("the kernel made " + now.orElse("nothing") + " of it");
        }
    }

    /** All three are one setting for people and one request, but each may be ours or not. */
    private void planTimeouts(Timeouts now, List<Step> steps) {
        Timeouts want = wanted.timeouts();
        Timeouts to = new Timeouts(
                timeout("tcp", want.tcpSec(), now.tcpSec()),
                timeout("tcpfin", want.tcpFinSec(), now.tcpFinSec()),
                timeout("udp", want.udpSec(), now.udpSec()));
        boolean ours = !want.equals(Timeouts.UNCHANGED);
        if (to.equals(now)) {
            settled(TIMEOUTS, ours ? Optional.of(now.describe()) : Optional.empty());
        } else {
            steps.add(new Step(TIMEOUTS, now.describe(), to.describe(), ours, () -> kernel.setTimeouts(to)));
        }
    }

    private int timeout(String name, int want, int now) {
        Optional<String> asked = want == 0 ? Optional.empty() : Optional.of(String.valueOf(want));
        return Integer.parseInt(target(TIMEOUTS + "." + name, asked, String.valueOf(now)));
    }

    /** What it has to be: what is wanted, or what it was before we changed it, unless somebody else has since. */
    private String target(String key, Optional<String> want, String now) {
        Change change = changes.get(key);
        if (want.isPresent()) {
            if (change != null || !want.get().equals(now)) {
                changes.put(key, new Change(change == null ? now : change.before(), want.get()));
            }
            return want.get();
        }
        String to = change != null && change.ours().equals(now) ? change.before() : now;
        if (to.equals(now)) {
            changes.remove(key);
        }
        return to;
    }

    private void settled(String key, Optional<String> want) {
        want.ifPresentOrElse(as -> news.settled(key, as), () -> news.forget(key));
    }

    private void make(Step step, String why) {
        try {
            step.setter.set();
            news.changed(step.key, step.from, step.to, why);
            forgetPutBack(step);
        } catch (IOException e) {
            news.failed(step.key, step.to, e.getMessage());
            noteRefusal(step);
        }
    }

    /** Ours is what is there now, not what was refused. */
    private void noteRefusal(Step step) {
        Change change = changes.get(step.key);
        if (change == null || !step.ours) {
            return;
        }
        try {
            String name = step.key.substring(SYSCTL.length());
            String now = sysctls.get(name).map(value -> plain(name, value)).orElse(change.before());
            changes.put(step.key, new Change(change.before(), now));
            if (now.equals(change.before())) {
                changes.remove(step.key);
            }
        } catch (IOException e) {
            // the next look finds out
        }
    }

    /** What is as it was found is not ours any more. What could not be put back stays in the ledger. */
    private void forgetPutBack(Step step) {
        if (!step.ours) {
            news.forget(step.key);
        }
        if (step.key.equals(TIMEOUTS)) {
            forgetUnless(wanted.timeouts().tcpSec() != 0, TIMEOUTS + ".tcp");
            forgetUnless(wanted.timeouts().tcpFinSec() != 0, TIMEOUTS + ".tcpfin");
            forgetUnless(wanted.timeouts().udpSec() != 0, TIMEOUTS + ".udp");
        } else {
            forgetUnless(step.ours, step.key);
        }
    }

    private void forgetUnless(boolean ours, String key) {
        if (!ours) {
            changes.remove(key);
        }
    }
}
