package dev.vipd.netlink.generic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import dev.vipd.netlink.sys.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenericNetlinkTest {
    @Test
    void theFamilyIsAskedForAndReadAsCaptured() throws Exception {
        NlMessage captured = Vectors.message("genl-getfamily-ipvs-reply");
        FakeKernel kernel = new FakeKernel(request -> List.of(
                FakeKernel.reply(request, captured.type(), captured.payload()), FakeKernel.ack(request)));
        GenlFamily family = GenericNetlink.resolve(new NetlinkConn(kernel), "IPVS");
        assertEquals(new GenlFamily("IPVS", 0x20, 1), family);
        assertArrayEquals(
                Vectors.message("genl-getfamily-ipvs").payload(),
                kernel.requests().getFirst().payload());
    }

    @Test
    void aMissingFamilyIsENOENT() {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.ENOENT, "")));
        NetlinkException e = assertThrows(
                NetlinkException.class, () -> GenericNetlink.resolve(new NetlinkConn(kernel), "IPVS"));
        assertEquals(Errno.ENOENT, e.errno());
    }

    @Test
    void anAnswerWithoutAnIdIsMalformed() {
        FakeKernel kernel = new FakeKernel(
                request -> List.of(FakeKernel.reply(request, 16, new byte[] {1, 2, 0, 0}), FakeKernel.ack(request)));
        NetlinkException e = assertThrows(
                NetlinkException.class, () -> GenericNetlink.resolve(new NetlinkConn(kernel), "IPVS"));
        assertEquals(Errno.EPROTO, e.errno());
    }
}
