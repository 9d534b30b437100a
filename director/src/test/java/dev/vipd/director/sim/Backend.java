package dev.vipd.director.sim;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import java.util.Random;

/** One machine that is checked, with what is true of it. */
final class Backend {
    private static final long MS = 1_000_000L;

    /** How it answers. */
    enum Truth {
        UP,
        REFUSES,
        SILENT,
        /** Answers in time now and then. */
        SLOW
    }

    private Truth truth = Truth.UP;
    private Advice advice = Advice.NONE;

    Truth truth() {
        return truth;
    }

    void become(Truth newTruth) {
        truth = newTruth;
    }

    void advise(Advice newAdvice) {
        advice = newAdvice;
    }

    /** How a probe ends that starts now. */
    CheckOutcome answer(CheckConfig check, boolean cut, Random random) {
        long timeoutNs = check.timing().timeoutNs();
        long answerNs = switch (cut ? Truth.SILENT : truth) {
            case UP -> MS + random.nextLong(40 * MS);
            case REFUSES -> -1;
            case SILENT -> Long.MAX_VALUE;
            case SLOW -> random.nextLong(2 * timeoutNs);
        };
        if (answerNs < 0) {
            return new CheckOutcome.Failed("connect refused", MS);
        }
        return answerNs < timeoutNs
                ? new CheckOutcome.Passed(advice, "", answerNs)
                : new CheckOutcome.Failed("timed out", timeoutNs);
    }
}
