package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.Verdict;

/**
 * Told what the checks find. Called on the check threads, for one check always on the same one and in order; must not
 * block, since every other check of that thread waits meanwhile. What it throws is lost, the checks go on.
 */
public interface HealthListener {
    /** A probe ended otherwise than the one before: passed or not, or for another reason. The first one counts. */
    void onResult(CheckConfig check, CheckOutcome outcome);

    /**
     * The check says something else of its server than before: state or advice. Comes after the {@link #onResult} that
     * made it so, if that was another result.
     *
     * @param atNs when it was decided, on System.nanoTime's clock
     */
    void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs);
}
