package dev.vipd.healthcheck;

/** Verdict over a check, or over a real server. */
public enum HealthState {
    UP,
    DOWN
}
