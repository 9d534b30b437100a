package dev.vipd.director.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everybody who is told.
 *
 * @param fifos     {@code notify_fifo}, {@code vrrp_notify_fifo}
 * @param webhook   {@code webhook} of {@code global}: gets the events of all
 * @param instances of an instance, by its name
 * @param groups    of a sync group, by its name
 */
public record HooksConfig(
        List<FifoConfig> fifos,
        Optional<WebhookConfig> webhook,
        Map<String, NotifyConfig> instances,
        Map<String, NotifyConfig> groups) {
    public static final HooksConfig NONE = new HooksConfig(List.of(), Optional.empty(), Map.of(), Map.of());

    /** This, and what {@code old} has for instances and groups that are not here: for while one takes over. */
    public HooksConfig with(HooksConfig old) {
        Map<String, NotifyConfig> allInstances = new HashMap<>(old.instances);
        allInstances.putAll(instances);
        Map<String, NotifyConfig> allGroups = new HashMap<>(old.groups);
        allGroups.putAll(groups);
        return new HooksConfig(fifos, webhook, allInstances, allGroups);
    }

    public HooksConfig {
        fifos = List.copyOf(fifos);
        instances = Map.copyOf(instances);
        groups = Map.copyOf(groups);
    }
}
