package dev.vipd.director.config;

import java.util.Map;
import java.util.Optional;

/**
 * Who is told what becomes of one instance, sync group or virtual server.
 *
 * @param scripts {@code notify_master} and the like
 * @param deleted whether {@code notify_deleted} is given: one that a reload removes is told as DELETED then, as FAULT
 *                otherwise
 * @param webhook {@code webhook}
 */
public record NotifyConfig(Map<Hook, HookScript> scripts, boolean deleted, Optional<WebhookConfig> webhook) {
    public static final NotifyConfig NONE = new NotifyConfig(Map.of(), false, Optional.empty());

    public NotifyConfig {
        scripts = Map.copyOf(scripts);
    }
}
