package dev.vipd.vrrp;

/**
 * {@code rise} successes in a row to come up, {@code fall} failures in a row to go down; where nothing is known yet,
 * the first result decides alone.
 */
public final class RiseFall {
    private int rise;
    private int fall;
    private TrackerState state;
    /** Results in a row against the present state. */
    private int contrary;

    public RiseFall(int rise, int fall, TrackerState initial) {
        this.rise = rise;
        this.fall = fall;
        state = initial;
    }

    /** Takes one result. @return whether the state changed with it */
    public boolean on(boolean success) {
        TrackerState says = success ? TrackerState.UP : TrackerState.DOWN;
        contrary = says == state ? 0 : contrary + 1;
        int needed = switch (state) {
            case WAIT -> 1;
            case DOWN -> rise;
            case UP -> fall;
        };
        if (contrary < needed) {
            return false;
        }
        state = says;
        contrary = 0;
        return true;
    }

    /** Other thresholds; what is known stays. */
    public void reconfigure(int newRise, int newFall) {
        rise = newRise;
        fall = newFall;
    }

    public TrackerState state() {
        return state;
    }
}
