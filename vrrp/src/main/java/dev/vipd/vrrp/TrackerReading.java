package dev.vipd.vrrp;

/**
 * What a tracker says.
 *
 * @param state of a file: up while its number is 0
 * @param value the number in a file; 0 for all others
 */
public record TrackerReading(TrackerState state, int value) {
    public static final TrackerReading WAIT = of(TrackerState.WAIT);
    public static final TrackerReading UP = of(TrackerState.UP);
    public static final TrackerReading DOWN = of(TrackerState.DOWN);

    /** Of anything but a file. */
    public static TrackerReading of(TrackerState state) {
        return new TrackerReading(state, 0);
    }

    public static TrackerReading of(boolean up) {
        return up ? UP : DOWN;
    }

    public static TrackerReading ofNumber(int value) {
        return new TrackerReading(value == 0 ? TrackerState.UP : TrackerState.DOWN, value);
    }
}
