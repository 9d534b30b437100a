package dev.vipd.healthcheck;

/**
 * What a check says of its server, until it says something else.
 *
 * @param advice what the last passed probe said of its weight
 * @param reason why the state is what it is: {@code connect refused}, {@code passed 2 in a row}
 */
public record Verdict(HealthState state, Advice advice, String reason) {}
