package dev.vipd.netlink;

import dev.vipd.netlink.sys.Errno;
import java.io.IOException;

/** The kernel refused a request, or the talk with it failed. */
public final class NetlinkException extends IOException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final int errno;
    private final String kernelText;

    /**
     * @param operation  what was asked, in words: {@code add address 192.0.2.1/24 to eth0}
     * @param errno      positive error number
     * @param kernelText text of the extended ack; empty when there was none
     */
    public NetlinkException(String operation, int errno, String kernelText) {
        super(operation + ": " + Errno.text(errno) + (kernelText.isEmpty() ? "" : " (" + kernelText + ")"));
        this.operation = operation;
        this.errno = errno;
        this.kernelText = kernelText;
    }

    public String operation() {
        return operation;
    }

    public int errno() {
        return errno;
    }

    public String kernelText() {
        return kernelText;
    }
}
