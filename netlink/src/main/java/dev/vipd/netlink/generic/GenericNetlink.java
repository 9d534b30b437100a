package dev.vipd.netlink.generic;

import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.Errno;
import java.util.List;

/** Generic netlink (linux/genetlink.h): its header and the look-up of families. */
public final class GenericNetlink {
    /** struct genlmsghdr: u8 command @0, u8 version @1, u16 reserved @2. */
    public static final int HEADER_BYTES = 4;

    private static final int GENL_ID_CTRL = 16;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_VERSION = 1;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;
    private static final int CTRL_ATTR_VERSION = 3;

    private GenericNetlink() {}

    /** A writer that begins with the generic netlink header of this command. */
    public static NlAttrWriter message(int command, int version) {
        return new NlAttrWriter(new byte[] {(byte) command, (byte) version, 0, 0});
    }

    /** The command of a message, -1 when it is too short to have one. */
    public static int command(NlMessage message) {
        return message.payload().length < HEADER_BYTES ? -1 : message.payload()[0] & 0xff;
    }

    /**
     * Asks the kernel for a family. It loads the family's module on demand, where modules can be loaded.
     *
     * @throws NetlinkException ENOENT: the kernel has no such family
     */
    public static GenlFamily resolve(NetlinkConn conn, String name) throws NetlinkException {
        String operation = "look up netlink family " + name;
        byte[] payload = message(CTRL_CMD_GETFAMILY, CTRL_VERSION)
                .putString(CTRL_ATTR_FAMILY_NAME, name)
                .toByteArray();
        List<NlMessage> answers = conn.request(operation, GENL_ID_CTRL, 0, payload);
        for (NlMessage answer : answers) {
            int id = 0;
            int version = 0;
            NlAttrReader in = answer.attributes(HEADER_BYTES);
            while (in.next()) {
                switch (in.type()) {
                    case CTRL_ATTR_FAMILY_ID -> id = in.u16();
                    case CTRL_ATTR_VERSION -> version = in.u32();
                    default -> {} // header size, operations, groups: not needed
                }
            }
            if (in.error().isEmpty() && id != 0) {
                return new GenlFamily(name, id, version);
            }
        }
        throw new NetlinkException(operation, Errno.EPROTO, "an answer without an id");
    }
}
