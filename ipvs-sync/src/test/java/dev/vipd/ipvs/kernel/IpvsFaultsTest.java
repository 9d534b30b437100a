package dev.vipd.ipvs.kernel;

import static dev.vipd.ipvs.kernel.IpvsClientTest.GENL_ID_CTRL;
import static dev.vipd.ipvs.kernel.IpvsClientTest.commands;
import static dev.vipd.ipvs.kernel.IpvsClientTest.dump;
import static dev.vipd.ipvs.kernel.IpvsClientTest.error;
import static dev.vipd.ipvs.kernel.IpvsClientTest.family;
import static dev.vipd.ipvs.kernel.IpvsClientTest.kernel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import dev.vipd.netlink.generic.GenericNetlink;
import dev.vipd.netlink.sys.Errno;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Dumps that are cut short, queues that overflow, a family that is loaded again; and settings, which meet the same. */
class IpvsFaultsTest {
    private static final byte[] SERVICE = Vectors.message("ipvs-get-service-reply").payload();
    private static final byte[] SERVER = Vectors.message("ipvs-get-dest-dump-reply").payload();
    private static final byte[] DAEMON = Vectors.message("ipvs-get-daemon-reply").payload();
    private static final byte[] TIMEOUTS = Vectors.message("ipvs-get-config-reply").payload();
    private static final SyncDaemon MASTER = new SyncDaemon(Role.MASTER, "dummy0", 10, 0, Optional.empty(), 0, 0);

    private final FakeKernel[] itself = new FakeKernel[1];
    private final AtomicInteger asked = new AtomicInteger();

    private IpvsClient client(Function<NlMessage, List<byte[]>> ipvs) {
        itself[0] = kernel(0x20, ipvs);
        return new IpvsClient(new NetlinkConn(itself[0]));
    }

    /** A table of one service and one server. */
    private static List<byte[]> table(NlMessage request) {
        return dump(request, GenericNetlink.command(request) == IpvsCodec.CMD_GET_DEST ? SERVER : SERVICE);
    }

    private static int rows(Observation seen) {
        return seen.table().entries().stream().mapToInt(entry -> entry.destinations().size()).sum();
    }

    private static void assertErrno(int errno, Executable call) {
        assertEquals(errno, assertThrows(NetlinkException.class, call).errno());
    }

    @Test
    void dumpThatTheKernelCallsInconsistentIsAskedForAgain() throws Exception {
        IpvsClient client = client(request -> asked.incrementAndGet() % 2 == 1
                ? List.of(FakeKernel.dump(request, 0x20, Nl.NLM_F_DUMP_INTR, List.of()))
                : table(request));
        assertEquals(1, rows(client.dump()));
        assertEquals(4, asked.get(), "services twice, servers twice");
    }

    @Test
    void tableThatNeverHoldsStillIsNoTable() {
        IpvsClient client = client(
                request -> List.of(FakeKernel.dump(request, 0x20, Nl.NLM_F_DUMP_INTR, List.of(SERVICE))));
        assertErrno(Errno.EBUSY, client::dump);
    }

    @Test
    void dumpOfServersWithoutItsEndIsNoTable() {
        IpvsClient client = client(request -> {
            byte[] whole = table(request).getFirst();
            boolean cut = GenericNetlink.command(request) == IpvsCodec.CMD_GET_DEST;
            return List.of(cut ? Arrays.copyOf(whole, whole.length - 20) : whole);
        });
        assertErrno(Errno.ETIMEDOUT, client::dump);
    }

    @Test
    void restOfADumpThatWasGivenUpIsNotTakenForTheNext() throws Exception {
        IpvsClient client = client(request -> asked.incrementAndGet() == 1 ? List.of() : table(request));
        assertErrno(Errno.ETIMEDOUT, client::dump);
        NlMessage first = itself[0].requests().getLast();
        itself[0].inject(FakeKernel.dump(first, 0x20, 0, List.of(SERVICE, SERVICE)));
        assertEquals(1, rows(client.dump()));
    }

    @Test
    void dumpThatOverflowsTheQueueIsAskedForAgain() throws Exception {
        IpvsClient client = client(request -> {
            if (asked.incrementAndGet() % 2 == 1) {
                itself[0].overflow();
                return List.of();
            }
            return table(request);
        });
        assertEquals(1, rows(client.dump()));
    }

    @Test
    void acksThatOverflowTheQueueLeaveItOpenWhatWasDone() throws Exception {
        IpvsClient client = client(request -> {
            if (asked.incrementAndGet() == 2) {
                itself[0].overflow(); // loses the first ack, and the receive fails
                return List.of();
            }
            return List.of(FakeKernel.ack(request));
        });
        Service service = new Service(new ServiceKey.Mark(7, false), "rr", 0, 0, -1, "");
        List<IpvsOp> ops = List.of(
                new IpvsOp.AddService(service), new IpvsOp.EditService(service),
                new IpvsOp.DeleteService(service.key()));
        List<IpvsOutcome> outcomes = client.apply(ops);
        assertEquals(
                List.of(Errno.ENOBUFS, Errno.ENOBUFS, Errno.ENOBUFS),
                outcomes.stream().map(o -> o.failure().map(NetlinkException::errno).orElse(0)).toList());
        assertEquals(Optional.empty(), client.apply(ops).getLast().failure(), "late acks are nobody's");
    }

    @Test
    void familyThatWasLoadedAgainIsDumpedAllTheSame() throws Exception {
        int[] id = {0x20};
        FakeKernel fake = new FakeKernel(request -> {
            if (request.type() == GENL_ID_CTRL) {
                return family(request, id[0]);
            }
            if (request.type() != id[0]) {
                return error(request, Errno.ENOENT);
            }
            return switch (GenericNetlink.command(request)) {
                case SettingsCodec.CMD_GET_CONFIG ->
                    List.of(FakeKernel.reply(request, id[0], TIMEOUTS), FakeKernel.ack(request));
                case SettingsCodec.CMD_GET_DAEMON -> dump(request, DAEMON);
                case SettingsCodec.CMD_NEW_DAEMON -> List.of(FakeKernel.ack(request));
                default -> table(request);
            };
        });
        IpvsClient client = new IpvsClient(new NetlinkConn(fake));
        List<Executable> all =
                List.of(client::dump, client::timeouts, client::daemons, () -> client.start(MASTER));
        for (Executable call : all) {
            client.dump();
            id[0]++;
            try {
                call.execute();
            } catch (Throwable e) {
                throw new AssertionError("with another id", e);
            }
        }
    }

    @Test
    void settingsAreReadAndWritten() throws Exception {
        IpvsClient client = client(request -> switch (GenericNetlink.command(request)) {
            case SettingsCodec.CMD_GET_CONFIG ->
                List.of(FakeKernel.reply(request, 0x20, TIMEOUTS), FakeKernel.ack(request));
            case SettingsCodec.CMD_GET_DAEMON -> dump(request, DAEMON);
            default -> List.of(FakeKernel.ack(request));
        });
        assertEquals(new Timeouts(900, 120, 300), client.timeouts());
        assertEquals(1, client.daemons().size());
        client.setTimeouts(new Timeouts(60, 0, 0));
        client.start(MASTER);
        client.stop(Role.MASTER);
        assertEquals(
                List.of(SettingsCodec.CMD_GET_CONFIG, SettingsCodec.CMD_GET_DAEMON, SettingsCodec.CMD_SET_CONFIG,
                        SettingsCodec.CMD_NEW_DAEMON, SettingsCodec.CMD_DEL_DAEMON),
                commands(itself[0]));
    }

    @Test
    void noDaemonIsAnAnswerAndOneThatCannotBeReadIsNone() throws Exception {
        assertEquals(List.of(), client(IpvsClientTest::dump).daemons());
        assertEquals(List.of(), client(request -> dump(request, Arrays.copyOf(DAEMON, 20))).daemons());
    }

    @Test
    void refusalsOfSettingsKeepTheirErrno() {
        for (int errno : new int[] {Errno.EEXIST, Errno.ESRCH, Errno.ENODEV, Errno.EINVAL}) {
            IpvsClient client = client(request -> error(request, errno));
            assertErrno(errno, () -> client.start(MASTER));
            assertErrno(errno, () -> client.stop(Role.MASTER));
            assertErrno(errno, () -> client.setTimeouts(new Timeouts(60, 0, 0)));
            assertErrno(errno, client::timeouts);
        }
        assertThrows(
                IpvsUnavailableException.class, client(request -> error(request, Errno.EPERM))::timeouts);
    }

    @Test
    void answerWithoutWhatWasAskedForIsNone() {
        assertErrno(Errno.EPROTO, client(request -> List.of(FakeKernel.ack(request)))::timeouts);
        assertErrno(Errno.ETIMEDOUT, client(request -> List.of())::timeouts);
    }
}
