package dev.vipd.director.config;

import java.util.HashMap;
import java.util.Map;

/** Keeps one of all equal values: ten thousand real servers are mostly checked in the same way. */
final class Shared<T> {
    private final Map<T, T> seen = new HashMap<>();

    T one(T value) {
        T earlier = seen.putIfAbsent(value, value);
        return earlier == null ? value : earlier;
    }
}
