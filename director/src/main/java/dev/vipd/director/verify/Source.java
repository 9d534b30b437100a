package dev.vipd.director.verify;

/** Where a piece of evidence stands: {@code lb1.log:12}. Lines count from 1. */
record Source(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
