package dev.vipd.vrrp;

import java.util.Optional;

/**
 * One entry of {@code track_file}: the number in a file, 0 while there is none. The weight times the number is added to
 * the priority; at -254 or less the instance is in FAULT. With weight 0 any other number than 0 is a fault.
 *
 * @param name key in the configuration
 * @param file absolute path
 * @param init {@code init_file}: what is written into it at the start
 */
public record TrackFileConfig(String name, String file, Optional<Init> init) {
    /**
     * What to write.
     *
     * @param overwrite also where the file is there already
     */
    public record Init(int value, boolean overwrite) {}
}
