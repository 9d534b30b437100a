package dev.vipd.director;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's table as it would be: what it is, with the changes that were not made. */
final class DryRunIpvs implements IpvsKernel {
    private final Optional<IpvsKernel> kernel;
    private final List<IpvsOp> skipped = new ArrayList<>();

    /** @param kernel empty: as if the table were empty */
    DryRunIpvs(Optional<IpvsKernel> kernel) {
        this.kernel = kernel;
    }

    @Override
    public Observation dump() throws NetlinkException, IpvsUnavailableException {
        Observation real = kernel.isPresent() ? kernel.get().dump() : Observation.EMPTY;
        return new Observation(real.table().with(skipped), real.connections(), real.foreignServices());
    }

    @Override
    public void apply(IpvsOp op) {
        skipped.add(op);
    }

    @Override
    public void close() {
        kernel.ifPresent(IpvsKernel::close);
    }
}
