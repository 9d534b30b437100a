package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;

/** Classic BPF programs (linux/filter.h): instructions of struct sock_filter, code @0, jt @2, jf @3, k @4. */
final class SocketFilter {
    private static final int LD_BYTE = 0x30;
    private static final int LD_BYTE_INDEXED = 0x50;
    private static final int LD_HALF_INDEXED = 0x48;
    private static final int LDX_IMMEDIATE = 0x01;
    private static final int LDX_HEADER_LENGTH = 0xb1; // 4 * (byte at k & 0xf): that of an IPv4 header
    private static final int JUMP_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int ALL = 0x40000;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV6_NEXT_HEADER = 6;

    private SocketFilter() {}

    /** Lets nothing in: for sockets that only send, so that their receive queue can't fill. */
    static void dropAll(String operation, Fd fd) throws SysException {
        Sys.check(operation, attach(fd.number(), put(Sys.buffer(INSTRUCTION_BYTES), RETURN, 0, 0, 0).flip()));
    }

    /**
     * For raw ICMP: lets in echo replies with the identifier, and unreachable messages about ICMP messages. An IPv4
     * packet begins with its header, an IPv6 packet with the ICMP message.
     */
    static ByteBuffer echoAnswers(boolean six, int identifier) {
        ByteBuffer program = Sys.buffer(10 * INSTRUCTION_BYTES);
        put(program, six ? LDX_IMMEDIATE : LDX_HEADER_LENGTH, 0, 0, 0);
        put(program, LD_BYTE_INDEXED, 0, 0, 0);
        put(program, JUMP_EQUAL, 0, 2, IcmpEcho.replyType(six));
        put(program, LD_HALF_INDEXED, 0, 0, IcmpEcho.IDENTIFIER);
        put(program, JUMP_EQUAL, 3, 4, identifier);
        put(program, JUMP_EQUAL, 0, 3, IcmpEcho.unreachableType(six));
        put(program, LD_BYTE_INDEXED, 0, 0, IcmpEcho.HEADER_BYTES + (six ? IPV6_NEXT_HEADER : IPV4_PROTOCOL));
        put(program, JUMP_EQUAL, 0, 1, IcmpEcho.protocol(six));
        put(program, RETURN, 0, 0, ALL);
        put(program, RETURN, 0, 0, 0);
        return program.flip();
    }

    /** For packets that begin with their IPv6 header: lets in neighbour advertisements without extension headers. */
    static ByteBuffer neighbourAdvertisements() {
        ByteBuffer program = Sys.buffer(6 * INSTRUCTION_BYTES);
        put(program, LD_BYTE, 0, 0, IPV6_NEXT_HEADER);
        put(program, JUMP_EQUAL, 0, 3, IcmpEcho.protocol(true));
        put(program, LD_BYTE, 0, 0, NeighbourSocket.ICMP);
        put(program, JUMP_EQUAL, 0, 1, NeighbourSocket.ADVERTISEMENT);
        put(program, RETURN, 0, 0, ALL);
        put(program, RETURN, 0, 0, 0);
        return program.flip();
    }

    private static ByteBuffer put(ByteBuffer program, int code, int ifTrue, int ifFalse, int k) {
        return program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(k);
    }

    /** @return 0 or a negative error */
    static int attach(int fd, ByteBuffer program) {
        ByteBuffer fprog = Sys.buffer(16); // struct sock_fprog: length @0, pointer @8
        fprog.putShort(0, (short) (program.remaining() / INSTRUCTION_BYTES));
        fprog.putLong(8, Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), program).address());
        int result = InetSocket.result(
                Libc.CALLS.setsockopt(fd, Sys.SOL_SOCKET, Sys.SO_ATTACH_FILTER, fprog, fprog.remaining()));
        java.lang.ref.Reference.reachabilityFence(program);
        return result;
    }
}
