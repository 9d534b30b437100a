package dev.vipd.ipvs.kernel;

import java.io.IOException;

/** The kernel's table can't be reached at all. The message says why and what to do about it. */
public final class IpvsUnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    public IpvsUnavailableException(String why) {
        super(why);
    }

    public IpvsUnavailableException(String why, Throwable cause) {
        super(why, cause);
    }
}
