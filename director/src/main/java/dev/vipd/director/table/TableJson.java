package dev.vipd.director.table;

import dev.vipd.director.json.Json;
import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.JudgedTable.DestinationRow;
import dev.vipd.ipvs.JudgedTable.ServiceRow;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code vipd ipvs --json}: all that is known. Keys are only ever added; {@code format} counts what breaks readers. */
final class TableJson {
    private static final int FORMAT = 1;

    private TableJson() {}

    static String of(JudgedTable table, Optional<IpvsInfo> info) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", FORMAT);
        all.put("version", info.map(IpvsInfo::version));
        all.put("connection_table_size", info.map(IpvsInfo::connectionTableSize));
        all.put("foreign_services", table.foreignServices());
        all.put("services", table.services().stream().map(TableJson::service).toList());
        return Json.pretty(all) + "\n";
    }

    private static Map<String, Object> service(ServiceRow row) {
        Service service = row.service();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("key", service.key().toString());
        all.put("name", row.name());
        switch (service.key()) {
            case ServiceKey.At at -> {
                all.put("protocol", at.protocol());
                all.put("address", Endpoints.text(at.address()));
                all.put("port", at.port());
            }
            case ServiceKey.Mark mark -> all.put("fwmark", mark.mark());
        }
        all.put("ipv6", service.key().ipv6());
        all.put("judgement", row.judgement().word());
        all.put("detail", row.judgement().detail());
        all.put("scheduler", service.scheduler());
        all.put("scheduler_flags", Words.flags(service));
        all.put("one_packet", Words.onePacket(service));
        all.put("persistent", Words.persistent(service));
        all.put("persistence_timeout", Integer.toUnsignedLong(service.timeoutSec()));
        all.put("persistence_mask", Words.mask(service));
        all.put("persistence_engine", service.persistenceEngine());
        all.put("traffic", row.traffic());
        all.put("destinations", row.destinations().stream().map(TableJson::destination).toList());
        return all;
    }

    private static Map<String, Object> destination(DestinationRow row) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("address", Endpoints.text(row.destination().at().address()));
        all.put("port", row.destination().at().port());
        all.put("judgement", row.judgement().word());
        all.put("detail", row.judgement().detail());
        all.put("method", ForwardingMethod.word(row.destination().forwarding()));
        all.put("weight", row.destination().weight());
        all.put("upper_threshold", Integer.toUnsignedLong(row.destination().upperThreshold()));
        all.put("lower_threshold", Integer.toUnsignedLong(row.destination().lowerThreshold()));
        if (row.destination().forwarding() == ForwardingMethod.TUN.kernelValue()) {
            Tunnel tunnel = row.destination().tunnel();
            all.put("tunnel_type", Words.tunnelType(tunnel));
            all.put("tunnel_port", tunnel.port());
            all.put("tunnel_checksum", Words.tunnelChecksum(tunnel));
        }
        all.put("active", row.load().active());
        all.put("inactive", row.load().inactive());
        all.put("persistent", row.load().persistent());
        all.put("traffic", row.load().traffic());
        return all;
    }
}
