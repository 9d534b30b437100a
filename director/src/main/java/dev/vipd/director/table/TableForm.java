package dev.vipd.director.table;

import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.util.Locale;
import java.util.Optional;

/** What {@code vipd ipvs} makes of the kernel's table. */
public enum TableForm {
    /** As {@code ipvsadm -Ln}: settings and connections. */
    LIST,
    /** As {@code ipvsadm -Ln --stats}: counts since each row was added. */
    STATS,
    /** As {@code ipvsadm -Ln --rate}: the kernel's estimates a second. */
    RATES,
    /** As {@code ipvsadm -Sn}: what {@code ipvsadm -R} reads. */
    SAVE,
    /** Everything. */
    JSON;

    /** The command for the control socket, {@code ipvs save}. */
    public String command() {
        return "ipvs " + name().toLowerCase(Locale.ROOT);
    }

    /** The form that {@link #command()} asks for; empty when it is no such command. */
    public static Optional<TableForm> of(String command) {
        for (TableForm form : values()) {
            if (form.command().equals(command)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** The whole text. */
    public String text(JudgedTable table, Optional<IpvsInfo> info) {
        return switch (this) {
            case LIST -> TableText.list(table, info);
            case STATS -> TableText.totals(table, info);
            case RATES -> TableText.rates(table, info);
            case SAVE -> TableSave.of(table);
            case JSON -> TableJson.of(table, info);
        };
    }
}
