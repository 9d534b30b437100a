package dev.vipd.healthcheck.probe;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** From when to when a certificate is valid, both included, in milliseconds since 1970. */
record CertificateDates(long notBeforeMs, long notAfterMs) {
    static CertificateDates of(X509Certificate certificate) {
        return new CertificateDates(certificate.getNotBefore().getTime(), certificate.getNotAfter().getTime());
    }

    /** {@code certificate expired 3 days ago}, {@code certificate not valid before 2027-01-01} (UTC); empty: valid. */
    String fault(long nowMs) {
        if (nowMs < notBeforeMs) {
            return "certificate not valid before "
                    + Instant.ofEpochMilli(notBeforeMs).atOffset(ZoneOffset.UTC).toLocalDate();
        }
        if (nowMs <= notAfterMs) {
            return "";
        }
        long days = TimeUnit.MILLISECONDS.toDays(nowMs - notAfterMs);
        return days == 0 ? "certificate expired less than a day ago" : "certificate expired " + text(days) + " ago";
    }

    /** {@code certificate expires in 3 days}, when that is in less than so many days; else empty. */
    String warning(int days, long nowMs) {
        long leftMs = notAfterMs - nowMs;
        if (leftMs < 0 || leftMs >= TimeUnit.DAYS.toMillis(days)) {
            return "";
        }
        long left = TimeUnit.MILLISECONDS.toDays(leftMs);
        return left == 0 ? "certificate expires in less than a day" : "certificate expires in " + text(left);
    }

    private static String text(long days) {
        return days == 1 ? "1 day" : days + " days";
    }
}
