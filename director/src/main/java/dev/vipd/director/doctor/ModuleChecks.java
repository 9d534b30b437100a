package dev.vipd.director.doctor;

import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.ipvs.Scheduling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the kernel has IPVS, and the schedulers and engines that the configuration names. */
final class ModuleChecks {
    private ModuleChecks() {}

    static List<Diagnosis> all(Scene scene, Facts facts) {
        List<Diagnosis> all = new ArrayList<>();
        boolean settingsOnly = scene.config().services().isEmpty();
        if (settingsOnly && scene.config().lvs().equals(LvsConfig.NONE)) {
            return all;
        }
        all.add(ipvs(facts.kernel(), settingsOnly));
        List<String> missing = new ArrayList<>();
        modules(scene).forEach((module, services) -> {
            if (!facts.modules().there().contains(module)) {
                missing.add(module);
                all.add(missing(module, services, facts.modules()));
            }
        });
        if (missing.isEmpty() && !settingsOnly) {
            all.add(Diagnosis.ok("modules", "the kernel has " + Networks.few(modules(scene).keySet())));
        }
        if (!scene.config().lvs().marks().isEmpty() && !facts.modules().nft()) {
            all.add(Diagnosis.error("nft", "the program nft is not installed", "groups with nftables: true",
                    "no packet gets the firewall mark of the group's service, so the service never sees one",
                    "apt install nftables, or leave out nftables: true"));
        }
        return all;
    }

    private static Diagnosis ipvs(Facts.Kernel kernel, boolean settingsOnly) {
        if (kernel.trouble().isEmpty()) {
            return Diagnosis.ok("ipvs", "the kernel has IPVS, with "
                    + kernel.table().entries().size() + " services in its table");
        }
        return kernel.refused()
                ? Diagnosis.unknown("ipvs", "the kernel's table can't be read: " + kernel.trouble().get(),
                        "whether services and sync daemons are as configured is not known", "run it as root")
                : Diagnosis.error("ipvs", kernel.trouble().get(),
                        settingsOnly ? "lvs_* in global" : "all virtual servers",
                        settingsOnly ? "vipd does not start, since it can't set what is wanted there"
                                : "packets to the VIPs are not forwarded to any real server",
                        "modprobe ip_vs; echo ip_vs > /etc/modules-load.d/ipvs.conf");
    }

    /** By module, the services that need it. */
    private static Map<String, List<ServiceConfig>> modules(Scene scene) {
        Map<String, List<ServiceConfig>> all = new LinkedHashMap<>();
        for (ServiceConfig service : scene.config().services()) {
            Scheduling scheduling = service.server().scheduling();
            all.computeIfAbsent("ip_vs_" + scheduling.scheduler(), _ -> new ArrayList<>()).add(service);
            if (!scheduling.engine().isEmpty()) {
                all.computeIfAbsent("ip_vs_pe_" + scheduling.engine(), _ -> new ArrayList<>()).add(service);
            }
        }
        return all;
    }

    private static Diagnosis missing(String module, List<ServiceConfig> services, Facts.Modules modules) {
        String where = "virtual server "
                + Networks.few(services.stream().map(service -> service.server().name()).toList());
        if (!modules.complete()) {
            return Diagnosis.unknown("modules", "whether the kernel has module " + module + " can't be seen",
                    "it is not loaded, and there is no list of this kernel's modules in /lib/modules",
                    "modprobe " + module + ", on the host where this is a container");
        }
        boolean stuck = module.startsWith("ip_vs_pe_")
                || services.stream().map(service -> service.server().scheduling().fallback())
                        .anyMatch(other -> other.isEmpty() || !modules.there().contains("ip_vs_" + other));
        String what = "the kernel has no module " + module;
        String mend = "install the package with all modules of this kernel (linux-modules-extra-$(uname -r) on"
                + " Ubuntu), or take another lb_algo";
        return stuck
                ? Diagnosis.error("modules", what, where,
                        "these services can't be made, so nothing answers for them", mend)
                : Diagnosis.warn("modules", what, where, "these services run with lb_algo_fallback instead", mend);
    }
}
