package dev.vipd.vrrp.io;

import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.sys.Errno;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A kernel's addresses of one interface, behind a real {@link RouteClient}. */
final class FakeAddresses {
    private static final int RTM_NEWADDR = 20;

    /** {@code 192.0.2.1/24}, in the order they were added. */
    final Set<String> present = new LinkedHashSet<>();
    /** Errno to refuse every request with; 0: none. */
    int refuse;

    private final FakeKernel kernel = new FakeKernel(this::answer);
    final RouteClient routes = new RouteClient(new NetlinkConn(kernel));

    int datagrams() {
        return kernel.datagrams();
    }

    int requests() {
        return kernel.requests().size();
    }

    private List<byte[]> answer(NlMessage request) {
        int errno = refuse != 0 ? refuse : change(request);
        return List.of(errno == 0 ? FakeKernel.ack(request) : FakeKernel.error(request, errno, ""));
    }

    private int change(NlMessage request) {
        String address = address(request.payload());
        if (request.type() == RTM_NEWADDR) {
            boolean replace = (request.flags() & Nl.NLM_F_REPLACE) != 0;
            return present.add(address) || replace ? 0 : Errno.EEXIST;
        }
        return present.remove(address) ? 0 : Errno.EADDRNOTAVAIL;
    }

    /** struct ifaddrmsg has the prefix at 1; IFA_LOCAL is the first attribute behind its 8 bytes. */
    private static String address(byte[] payload) {
        try {
            InetAddress local = InetAddress.getByAddress(Arrays.copyOfRange(payload, 12, 16));
            return local.getHostAddress() + "/" + payload[1];
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
