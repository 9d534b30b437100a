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
 * @param services  of a virtual server, by its name: the hooks for which {@link Hook#ofService} holds
 */
public record HooksConfig(
        List<FifoConfig> fifos,
        Optional<WebhookConfig> webhook,
        Map<String, NotifyConfig> instances,
        Map<String, NotifyConfig> groups,
        Map<String, NotifyConfig> services) {
    public static final HooksConfig NONE =
            new HooksConfig(List.of(), Optional.empty(), Map.of(), Map.of(), Map.of());

    /** This, and what {@code old} has for instances, groups, services that are not here: for while one takes over. */
    public HooksConfig with(HooksConfig old) {
        return new HooksConfig(fifos, webhook, both(old.instances, instances), both(old.groups, groups),
                both(old.services, services));
    }

    private static Map<String, NotifyConfig> both(Map<String, NotifyConfig> old, Map<String, NotifyConfig> these) {
        Map<String, NotifyConfig> both = new HashMap<>(old);
        both.putAll(these);
        return both;
    }

    public HooksConfig {
        fifos = List.copyOf(fifos);
        instances = Map.copyOf(instances);
        groups = Map.copyOf(groups);
        services = Map.copyOf(services);
    }
}
