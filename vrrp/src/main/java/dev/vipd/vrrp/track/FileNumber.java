package dev.vipd.vrrp.track;

import java.math.BigInteger;

/**
 * The number in a tracked file.
 *
 * @param value 0 where there is none
 * @param why   what was found
 */
public record FileNumber(int value, String why) {
    private static final BigInteger MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    /** Of a file that is not there. */
    public static final FileNumber NO_FILE = new FileNumber(0, "there is no file");

    /** Reads the first word; what follows it does not matter. Beyond 32 bits it is the utmost. */
    public static FileNumber parse(String text) {
        String word = text.strip().split("\\s", 2)[0];
        if (word.isEmpty()) {
            return new FileNumber(0, "the file is empty");
        }
        if (!word.matches("[+-]?[0-9]{1,40}")) {
            String shown = word.length() > 20 ? word.substring(0, 20) + "..." : word;
            return new FileNumber(0, "'" + shown.replaceAll("\\P{Print}", "?") + "' is no number");
        }
        int value = new BigInteger(word).max(MIN).min(MAX).intValue();
        return new FileNumber(value, "the number is " + value);
    }
}
