package dev.vipd.netlink.connector;

import dev.vipd.netlink.NlMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/** Messages of the process events connector (linux/connector.h, linux/cn_proc.h). Pure; decoding never throws. */
final class ProcessCodec {
    static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int PROC_CN_MCAST_LISTEN = 1;
    private static final int NLMSG_DONE = 3;

    /** struct cn_msg: id.idx u32 @0, id.val u32 @4, seq u32 @8, ack u32 @12, len u16 @16, flags u16 @18. */
    private static final int CN_MSG_BYTES = 20;

    /** struct proc_event in the message: what u32 @0, cpu u32 @4, timestamp_ns u64 @8, the event's own data @16. */
    private static final int EVENT_DATA = CN_MSG_BYTES + 16;

    private static final int PROC_EVENT_NONE = 0;
    private static final int PROC_EVENT_FORK = 0x1;
    private static final int PROC_EVENT_EXEC = 0x2;
    private static final int PROC_EVENT_COMM = 0x200;
    private static final int PROC_EVENT_EXIT = 0x80000000;

    private ProcessCodec() {}

    /** Asks for all events. @param number comes back in the answer */
    static NlMessage subscribe(int number) {
        ByteBuffer out = ByteBuffer.allocate(CN_MSG_BYTES + 4).order(ByteOrder.nativeOrder());
        out.putInt(CN_IDX_PROC).putInt(CN_VAL_PROC).putInt(0).putInt(number).putShort((short) 4).putShort((short) 0);
        out.putInt(PROC_CN_MCAST_LISTEN);
        return new NlMessage(NLMSG_DONE, 0, 0, 0, out.array());
    }

    /**
     * The error number (0 for success) that answers the subscription of this number; empty for other messages. An
     * answer goes to everybody who listens: its {@code ack} is the subscription's and one more, its {@code seq} the
     * kernel's own.
     */
    static OptionalInt answer(NlMessage message, int number) {
        ByteBuffer in = message.buffer();
        boolean answers = isEvent(in, 4) && in.getInt(CN_MSG_BYTES) == PROC_EVENT_NONE && in.getInt(12) == number + 1;
        return answers ? OptionalInt.of(in.getInt(EVENT_DATA)) : OptionalInt.empty();
    }

    /** The event of one message; none for those of threads and of kinds that nobody follows. */
    static Optional<ProcessEvent> event(NlMessage message) {
        ByteBuffer in = message.buffer();
        if (!isEvent(in, 8)) {
            return Optional.empty();
        }
        int what = in.getInt(CN_MSG_BYTES);
        if (what == PROC_EVENT_FORK) { // parent_pid @0, parent_tgid @4, child_pid @8, child_tgid @12
            if (!isEvent(in, 16) || in.getInt(EVENT_DATA + 8) != in.getInt(EVENT_DATA + 12)) {
                return Optional.empty();
            }
            return Optional.of(new ProcessEvent.Forked(in.getInt(EVENT_DATA + 4), in.getInt(EVENT_DATA + 8)));
        }
        int thread = in.getInt(EVENT_DATA); // process_pid @0, process_tgid @4
        int process = in.getInt(EVENT_DATA + 4);
        return switch (what) {
            case PROC_EVENT_EXEC -> Optional.of(new ProcessEvent.Executed(process));
            case PROC_EVENT_COMM -> thread == process
                    ? Optional.of(new ProcessEvent.Renamed(process))
                    : Optional.empty();
            case PROC_EVENT_EXIT -> thread == process
                    ? Optional.of(new ProcessEvent.Exited(process))
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isEvent(ByteBuffer in, int dataBytes) {
        return in.capacity() >= EVENT_DATA + dataBytes
                && in.getInt(0) == CN_IDX_PROC
                && in.getInt(4) == CN_VAL_PROC;
    }
}
