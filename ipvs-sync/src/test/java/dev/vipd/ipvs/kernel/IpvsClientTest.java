package dev.vipd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import dev.vipd.netlink.generic.GenericNetlink;
import dev.vipd.netlink.sys.Errno;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class IpvsClientTest {
    static final int GENL_ID_CTRL = 16;
    private static final int CMD_GETFAMILY = 3;
    private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, InetAddress.ofLiteral("192.0.2.100"), 80);
    private static final Service SERVICE = new Service(WEB, "wlc", 0, 0, -1, "");
    private static final Destination SERVER = new Destination(
            new Endpoint(InetAddress.ofLiteral("192.0.2.11"), 80), 3, 1, 0, 0, Tunnel.IPIP);

    /** A kernel whose IPVS family has this id and answers with {@code ipvs}. */
    static FakeKernel kernel(int familyId, Function<NlMessage, List<byte[]>> ipvs) {
        return new FakeKernel(request -> {
            if (request.type() == GENL_ID_CTRL) {
                assertEquals(CMD_GETFAMILY, GenericNetlink.command(request));
                return family(request, familyId);
            }
            return request.type() == familyId ? ipvs.apply(request) : error(request, Errno.ENOENT);
        });
    }

    static List<byte[]> family(NlMessage request, int id) {
        byte[] payload = GenericNetlink.message(1, 2).putU16(1, id).putU32(3, 1).toByteArray();
        return List.of(FakeKernel.reply(request, GENL_ID_CTRL, payload), FakeKernel.ack(request));
    }

    static List<byte[]> error(NlMessage request, int errno) {
        return List.of(FakeKernel.error(request, errno, ""));
    }

    static List<byte[]> dump(NlMessage request, byte[]... payloads) {
        return List.of(FakeKernel.dump(request, request.type(), 0, List.of(payloads)));
    }

    private static IpvsClient client(FakeKernel kernel) {
        return new IpvsClient(new NetlinkConn(kernel));
    }

    private static IpvsOutcome apply(IpvsClient client, IpvsOp op) throws IpvsUnavailableException {
        return client.apply(List.of(op)).getFirst();
    }

    static List<Integer> commands(FakeKernel kernel) {
        return kernel.requests().stream()
                .filter(request -> request.type() != GENL_ID_CTRL)
                .map(GenericNetlink::command)
                .toList();
    }

    private static long lookUps(FakeKernel kernel) {
        return kernel.requests().stream().filter(request -> request.type() == GENL_ID_CTRL).count();
    }

    /** The bytes of an error vector, with the sequence number of the request that it shall answer. */
    private static List<byte[]> captured(String vector, NlMessage request) {
        byte[] bytes = Vectors.load(vector);
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(8, request.seq());
        return List.of(bytes);
    }

    @Test
    void emptyTableIsAnAnswer() throws Exception {
        FakeKernel kernel = kernel(0x20, IpvsClientTest::dump);
        assertEquals(Observation.EMPTY, client(kernel).dump());
        assertEquals(List.of(IpvsCodec.CMD_GET_SERVICE), commands(kernel));
        assertEquals(Nl.NLM_F_REQUEST | Nl.NLM_F_DUMP, kernel.requests().getLast().flags());
    }

    @Test
    void dumpHoldsServicesDestinationsAndForeignOnes() throws Exception {
        byte[] service = Vectors.message("ipvs-get-service-reply").payload();
        byte[] icmp = Vectors.message("ipvs-get-service-dump-reply").payload();
        byte[] mark = Vectors.message("ipvs-new-service-fwmark").payload();
        byte[] server = Vectors.message("ipvs-get-dest-dump-reply").payload();
        FakeKernel kernel = kernel(0x20, request -> switch (GenericNetlink.command(request)) {
            case IpvsCodec.CMD_GET_SERVICE -> dump(request, icmp, service, service, mark);
            case IpvsCodec.CMD_GET_DEST -> dump(request, server);
            default -> throw new AssertionError(request);
        });

        Observation seen = client(kernel).dump();

        Destination found = new Destination(
                new Endpoint(InetAddress.ofLiteral("192.0.2.22"), 80), 7, 1, 0, 0, Tunnel.IPIP);
        Service persistent = new Service(WEB, "wlc", Service.PERSISTENT, 300, -1, "");
        Service marked = new Service(new ServiceKey.Mark(7, false), "rr", 0, 0, -1, "");
        assertEquals(
                new IpvsTable(List.of(
                        IpvsTable.Entry.of(persistent, List.of(found)), IpvsTable.Entry.of(marked, List.of(found)))),
                seen.table());
        assertEquals(1, seen.foreignServices());
        assertEquals(Observation.Load.NONE, seen.of(WEB, found.at()));
        assertEquals(
                List.of(IpvsCodec.CMD_GET_SERVICE, IpvsCodec.CMD_GET_DEST, IpvsCodec.CMD_GET_DEST),
                commands(kernel), "one dump a service");
    }

    @Test
    void serviceWithoutDestinationsIsKeptWhenItIsStillThere() throws Exception {
        byte[] service = Vectors.message("ipvs-get-service-reply").payload();
        FakeKernel kernel = kernel(0x20, request -> {
            if (GenericNetlink.command(request) == IpvsCodec.CMD_GET_DEST) {
                return dump(request);
            }
            return (request.flags() & Nl.NLM_F_DUMP) != 0
                    ? dump(request, service)
                    : List.of(FakeKernel.reply(request, 0x20, service), FakeKernel.ack(request));
        });
        assertEquals(List.of(WEB), List.copyOf(client(kernel).dump().table().keys()));
    }

    @Test
    void serviceThatVanishesDuringTheDumpIsLeftOut() throws Exception {
        byte[] service = Vectors.message("ipvs-get-service-reply").payload();
        FakeKernel kernel = kernel(0x20, request -> {
            if (GenericNetlink.command(request) == IpvsCodec.CMD_GET_DEST) {
                return dump(request);
            }
            return (request.flags() & Nl.NLM_F_DUMP) != 0
                    ? dump(request, service)
                    : captured("ipvs-error-esrch", request);
        });
        assertEquals(Observation.EMPTY, client(kernel).dump());
    }

    @Test
    void dumpWithoutItsEndIsNoTable() {
        byte[] service = Vectors.message("ipvs-get-service-reply").payload();
        FakeKernel kernel = kernel(0x20, request -> {
            byte[] whole = dump(request, service).getFirst();
            return List.of(Arrays.copyOf(whole, whole.length - 20));
        });
        NetlinkException e = assertThrows(NetlinkException.class, () -> client(kernel).dump());
        assertEquals(Errno.ETIMEDOUT, e.errno());
    }

    @Test
    void rowThatCannotBeReadIsNoTable() {
        byte[] cut = Arrays.copyOf(Vectors.message("ipvs-get-service-reply").payload(), 24);
        NetlinkException e = assertThrows(
                NetlinkException.class, () -> client(kernel(0x20, request -> dump(request, cut))).dump());
        assertEquals(Errno.EPROTO, e.errno());
        assertEquals("read the IPVS services", e.operation());
    }

    @Test
    void changeIsSentOnceAndItsFamilyLookedUpOnce() throws Exception {
        FakeKernel kernel = kernel(0x20, request -> List.of(FakeKernel.ack(request)));
        IpvsClient client = client(kernel);
        assertEquals(Optional.empty(), apply(client, new IpvsOp.AddService(SERVICE)).failure());
        assertEquals(Optional.empty(), apply(client, new IpvsOp.AddDestination(WEB, SERVER)).failure());
        assertEquals(List.of(IpvsCodec.CMD_NEW_SERVICE, IpvsCodec.CMD_NEW_DEST), commands(kernel));
        assertEquals(1, lookUps(kernel));
    }

    @Test
    void capturedRefusalsKeepTheirErrnoAndSayWhat() throws Exception {
        assertRefused("ipvs-error-eexist", new IpvsOp.AddService(SERVICE), Errno.EEXIST, "add service tcp:192.0.2.100");
        assertRefused("ipvs-error-esrch", new IpvsOp.EditService(SERVICE), Errno.ESRCH, "change service tcp:");
        assertRefused("ipvs-error-enoent-dest", new IpvsOp.DeleteDestination(WEB, SERVER.at()), Errno.ENOENT,
                "remove 192.0.2.11:80 from tcp:192.0.2.100:80");
        assertRefused("ipvs-error-erange", new IpvsOp.AddDestination(WEB, SERVER), Errno.ERANGE, "add 192.0.2.11:80");
        assertRefused("ipvs-error-enoent-sched", new IpvsOp.AddService(SERVICE), Errno.ENOENT, "module ip_vs_wlc");
        assertRefused("ipvs-error-enoent-sched", new IpvsOp.EditService(SERVICE), Errno.ENOENT, "module ip_vs_wlc");
    }

    private static void assertRefused(String vector, IpvsOp op, int errno, String text) throws Exception {
        FakeKernel kernel = kernel(0x20, request -> captured(vector, request));
        NetlinkException e = apply(client(kernel), op).failure().orElseThrow();
        assertEquals(errno, e.errno());
        assertTrue(e.getMessage().contains(text), e.getMessage());
        assertEquals(1, commands(kernel).size(), "a refused change is not repeated");
    }

    private static List<Integer> errnos(List<IpvsOutcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome.failure().map(NetlinkException::errno).orElse(0))
                .toList();
    }

    @Test
    void manyChangesGoInOneDatagramAndEachHasItsOutcome() throws Exception {
        FakeKernel kernel = kernel(0x20, request -> switch (GenericNetlink.command(request)) {
            case IpvsCodec.CMD_SET_DEST -> error(request, Errno.ENOENT);
            case IpvsCodec.CMD_DEL_SERVICE -> List.of();
            default -> List.of(FakeKernel.ack(request));
        });
        IpvsClient client = client(kernel);
        apply(client, new IpvsOp.AddService(SERVICE)); // looks the family up
        int before = kernel.datagrams();
        List<IpvsOutcome> outcomes = client.apply(List.of(
                new IpvsOp.AddDestination(WEB, SERVER),
                new IpvsOp.EditDestination(WEB, SERVER),
                new IpvsOp.DeleteDestination(WEB, SERVER.at())));
        assertEquals(1, kernel.datagrams() - before);
        assertEquals(List.of(0, Errno.ENOENT, 0), errnos(outcomes));
        assertEquals(
                List.of(Errno.ENOENT, Errno.ETIMEDOUT),
                errnos(client.apply(List.of(
                        new IpvsOp.EditDestination(WEB, SERVER), new IpvsOp.DeleteService(WEB)))));
        assertEquals("change 192.0.2.11:80 of tcp:192.0.2.100:80", outcomes.get(1).failure().get().operation());
        assertTrue(outcomes.getFirst().ackNs() > 0 && outcomes.getLast().ackNs() > 0);
    }

    @Test
    void afterABatchWithoutAnAnswerNoMoreAreSent() throws Exception {
        IpvsOp last = new IpvsOp.DeleteService(WEB);
        FakeKernel kernel = kernel(0x20, request ->
                GenericNetlink.command(request) == IpvsCodec.CMD_DEL_SERVICE
                        ? List.of()
                        : List.of(FakeKernel.ack(request)));
        IpvsClient client = client(kernel);
        apply(client, new IpvsOp.AddService(SERVICE)); // looks the family up
        int before = kernel.datagrams();
        List<IpvsOp> ops = new ArrayList<>(Collections.nCopies(511, new IpvsOp.EditService(SERVICE)));
        ops.add(last);
        ops.addAll(Collections.nCopies(300, new IpvsOp.EditService(SERVICE)));
        List<Integer> errnos = errnos(client.apply(ops));
        assertEquals(2, kernel.datagrams() - before);
        assertEquals(812, errnos.size());
        assertEquals(Set.of(0), Set.copyOf(errnos.subList(0, 256)));
        assertEquals(Set.of(Errno.ETIMEDOUT), Set.copyOf(errnos.subList(256, 812)));
    }

    @Test
    void rowsThatAreNotThereAreNoReasonToSendAnythingTwice() throws Exception {
        FakeKernel kernel = kernel(0x20, request -> error(request, Errno.ENOENT));
        List<IpvsOutcome> outcomes = client(kernel).apply(List.of(
                new IpvsOp.EditDestination(WEB, SERVER), new IpvsOp.AddService(SERVICE)));
        assertEquals(2, commands(kernel).size());
        assertEquals(2, lookUps(kernel), "they might be the family's");
        assertTrue(outcomes.getLast().failure().orElseThrow().getMessage().contains("module ip_vs_wlc"));
    }

    @Test
    void batchForAFamilyThatWasLoadedAgainIsSentAgain() throws Exception {
        int[] id = {0x20};
        FakeKernel kernel = new FakeKernel(request -> {
            if (request.type() == GENL_ID_CTRL) {
                return family(request, id[0]);
            }
            return request.type() == id[0] ? List.of(FakeKernel.ack(request)) : error(request, Errno.ENOENT);
        });
        IpvsClient client = client(kernel);
        apply(client, new IpvsOp.AddService(SERVICE));
        id[0] = 0x2a;
        List<IpvsOutcome> outcomes = client.apply(
                List.of(new IpvsOp.AddService(SERVICE), new IpvsOp.AddDestination(WEB, SERVER)));
        assertTrue(outcomes.stream().allMatch(outcome -> outcome.failure().isEmpty()));
        assertEquals(5, commands(kernel).size());
    }

    @Test
    void changeThatIsNotForUsIsUnavailable() {
        FakeKernel kernel = kernel(0x20, request -> error(request, Errno.EPERM));
        assertThrows(IpvsUnavailableException.class, () -> client(kernel).apply(
                List.of(new IpvsOp.AddService(SERVICE), new IpvsOp.AddDestination(WEB, SERVER))));
    }

    @Test
    void missingPrivilegeIsUnavailable() {
        FakeKernel kernel = kernel(0x20, request -> error(request, Errno.EPERM));
        IpvsUnavailableException e = assertThrows(IpvsUnavailableException.class, () -> client(kernel).dump());
        assertTrue(e.getMessage().contains("CAP_NET_ADMIN"), e.getMessage());
    }

    @Test
    void missingFamilyIsUnavailableAfterASecondLook() {
        FakeKernel kernel = new FakeKernel(request -> error(request, Errno.ENOENT));
        IpvsUnavailableException e = assertThrows(IpvsUnavailableException.class, () -> client(kernel).dump());
        assertTrue(e.getMessage().contains("module ip_vs"), e.getMessage());
        assertEquals(2, lookUps(kernel));
    }

    @Test
    void secondLookFindsAModuleThatWasJustLoaded() throws Exception {
        Deque<Boolean> loaded = new ArrayDeque<>(List.of(false, true));
        FakeKernel kernel = new FakeKernel(request -> {
            if (request.type() != GENL_ID_CTRL) {
                return dump(request);
            }
            return loaded.remove() ? family(request, 0x21) : error(request, Errno.ENOENT);
        });
        assertEquals(Observation.EMPTY, client(kernel).dump());
    }

    @Test
    void familyThatWasLoadedAgainIsLookedUpAgain() throws Exception {
        int[] id = {0x20};
        FakeKernel kernel = new FakeKernel(request -> {
            if (request.type() == GENL_ID_CTRL) {
                return family(request, id[0]);
            }
            return request.type() == id[0] ? List.of(FakeKernel.ack(request)) : error(request, Errno.ENOENT);
        });
        IpvsClient client = client(kernel);
        apply(client, new IpvsOp.AddService(SERVICE));
        id[0] = 0x2a;
        assertEquals(Optional.empty(), apply(client, new IpvsOp.AddDestination(WEB, SERVER)).failure());
        assertEquals(List.of(0x20, 0x20, 0x2a), kernel.requests().stream()
                .map(NlMessage::type)
                .filter(type -> type != GENL_ID_CTRL)
                .toList());
    }

    @Test
    void versionIsRead() throws Exception {
        byte[] info = Vectors.message("ipvs-get-info-reply").payload();
        FakeKernel kernel = kernel(
                0x20, request -> List.of(FakeKernel.reply(request, 0x20, info), FakeKernel.ack(request)));
        assertEquals(new IpvsInfo("1.2.1", 4096), client(kernel).info());
    }
}
