package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Builds answers of a name server for tests, byte by byte. */
final class DnsReply {
    /** Points to the name in the question. */
    static final int QUESTION_NAME = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A header with QR set. */
    static DnsReply header(int id, int flags, int questions, int answers) {
        return new DnsReply().u16(id).u16(0x8000 | flags).u16(questions).u16(answers).u16(0).u16(0);
    }

    /** To a question of example.com. */
    static DnsReply to(int type, int flags, int answers) {
        return header(1, flags, 1, answers).name("example", "com").u16(type).u16(1);
    }

    DnsReply u8(int value) {
        bytes.write(value);
        return this;
    }

    DnsReply u16(int value) {
        return u8(value >> 8).u8(value);
    }

    DnsReply u32(long value) {
        return u16((int) (value >> 16)).u16((int) value);
    }

    DnsReply text(String text) {
        bytes.writeBytes(text.getBytes(ISO_8859_1));
        return this;
    }

    DnsReply labels(String... labels) {
        for (String label : labels) {
            u8(label.length()).text(label);
        }
        return this;
    }

    DnsReply name(String... labels) {
        return labels(labels).u8(0);
    }

    DnsReply pointer(int offset) {
        return u16(0xc000 | offset);
    }

    /** Owner, type, class, time to live, and the data with its length. */
    DnsReply answer(int type, DnsReply data) {
        return pointer(QUESTION_NAME).u16(type).u16(1).u32(300).u16(data.bytes.size()).raw(data.bytes.toByteArray());
    }

    DnsReply raw(byte... data) {
        bytes.writeBytes(data);
        return this;
    }

    int size() {
        return bytes.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes());
    }
}
