package dev.vipd.director.table;

import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.kernel.IpvsClient;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.io.IOException;

/**
 * The kernel's table without a reconciler: that of a daemon that has no virtual servers, or where none runs.
 *
 * @param observation the whole table
 */
public record KernelLook(Observation observation, IpvsInfo info) {
    /**
     * Reads it once, in the network namespace of the calling thread.
     *
     * @throws IOException with a message that says what to do
     */
    public static KernelLook read() throws IOException {
        try (IpvsClient client = IpvsClient.open()) {
            return new KernelLook(client.dump(), client.info());
        }
    }
}
