package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthTransition;

/**
 * Told what the checks find. Called on the check threads, for one server always on the same one and in order; must not
 * block, since every other check of that thread waits meanwhile. What it throws is lost, the checks go on.
 */
public interface HealthListener {
    /** A check ended otherwise than the time before: passed or not, or for another reason. The first outcome counts. */
    void onResult(String id, CheckConfig check, CheckOutcome outcome);

    /** The server as a whole went up or down; comes after the {@link #onResult} that made it so. */
    void onTransition(String id, HealthTransition transition);
}
