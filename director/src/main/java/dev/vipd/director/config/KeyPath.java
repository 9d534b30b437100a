package dev.vipd.director.config;

import java.util.Optional;

/**
 * Where a value stands in the file. It is put into words only when something has to be said about the value: of the
 * tens of thousands of a large file that is next to none.
 *
 * @param parent empty at the top of the file
 * @param key    the last part, with its dot or brackets to come: a key, or the number of a list's item
 */
record KeyPath(Optional<KeyPath> parent, Object key) {
    static final KeyPath TOP = new KeyPath(Optional.empty(), "");

    KeyPath child(String name) {
        return new KeyPath(Optional.of(this), name);
    }

    KeyPath item(int index) {
        return new KeyPath(Optional.of(this), index);
    }

    /** As people read it: {@code virtual_servers.web.real_servers[1].weight}. */
    @Override
    public String toString() {
        String before = parent.map(KeyPath::toString).orElse("");
        if (key instanceof Integer index) {
            return before + "[" + index + "]";
        }
        String name = key.toString();
        String shown = name.isEmpty() || Value.isName(name) ? name : Spelling.quote(name);
        return before.isEmpty() ? shown : before + "." + shown;
    }
}
