package dev.vipd.director.hooks;

import dev.vipd.director.config.HostFiles;
import dev.vipd.healthcheck.probe.PemProblems;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Whether the PEM files that checks name can be used. */
final class CertificateChecks {
    private CertificateChecks() {}

    /** Tells each problem with where the file is named. */
    static void all(HostFiles files, BiConsumer<HostFiles.Place, String> told) {
        for (HostFiles.Authorities ca : files.authorities()) {
            tell(ca.place(), PemProblems.ofCertificates(ca.file()), told);
        }
        for (HostFiles.Pair pair : files.pairs()) {
            tell(pair.certificate(), PemProblems.ofCertificates(pair.files().certificate()), told);
            tell(pair.key(), PemProblems.ofKey(pair.files()), told);
        }
    }

    private static void tell(
            HostFiles.Place place, Optional<String> problem, BiConsumer<HostFiles.Place, String> told) {
        problem.ifPresent(why -> told.accept(place, why));
    }
}
