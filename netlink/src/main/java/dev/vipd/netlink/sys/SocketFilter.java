package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;

/** Classic BPF programs (linux/filter.h). */
final class SocketFilter {
    private SocketFilter() {}

    /** Lets nothing in: for sockets that only send, so that their receive queue can't fill. */
    static void dropAll(String operation, Fd fd) throws SysException {
        ByteBuffer program = Sys.buffer(8).putShort(0, (short) 0x06); // struct sock_filter: RET K, k = 0
        ByteBuffer fprog = Sys.buffer(16).putShort(0, (short) 1); // struct sock_fprog: length @0, pointer @8
        fprog.putLong(8, Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), program).address());
        Sys.setOption(operation, fd, Sys.SOL_SOCKET, Sys.SO_ATTACH_FILTER, fprog);
        java.lang.ref.Reference.reachabilityFence(program);
    }
}
