package dev.vipd.director.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a configuration. Whatever the file holds, the outcome is a {@link ConfigResult}, never an exception: all that
 * is wrong is reported at once.
 */
public final class ConfigLoader {
    /** A larger file is refused: 4 MiB is some ten thousand real servers with all that can be said of each. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_ALIASES = 200;
    private static final int MAX_DEPTH = 20;

    private ConfigLoader() {}

    /** Reads a file; its path, as given, is the file name in the findings. */
    public static ConfigResult load(Path path) {
        String file = path.toString();
        byte[] bytes;
        try {
            if (Files.isDirectory(path)) {
                return refused(file, Position.START, "is a directory; give the configuration file itself");
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            return refused(file, Position.START, "no such file; check the path");
        } catch (AccessDeniedException e) {
            return refused(file, Position.START, "permission denied; run as a user that may read it");
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.toString();
            return refused(file, Position.START, "can't be read: " + oneLine(reason));
        }
        if (bytes.length > MAX_BYTES) {
            return refused(file, Position.START, "is larger than " + MAX_BYTES + " bytes; is it the right file?");
        }
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        return decoded.isError()
                ? refused(file, Position.after(text), "is not UTF-8 text from here on; save it as UTF-8")
                : load(text.toString(), file);
    }

    /** Reads a text; {@code fileName} is for the findings only. */
    public static ConfigResult load(String text, String fileName) {
        if (text.length() > MAX_BYTES) {
            return refused(fileName, Position.START, "is larger than " + MAX_BYTES + " bytes; is it the right file?");
        }
        Findings findings = new Findings(fileName);
        String yaml = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Optional<VipdConfig> config = compose(yaml, findings)
                .flatMap(node -> new Value(node, Position.START, KeyPath.TOP, findings)
                        .block("global, vrrp_instances or virtual_servers"))
                .flatMap(block -> new RootBinder(findings).bind(block));
        return new ConfigResult(findings.hasErrors() ? Optional.empty() : config, findings.sorted());
    }

    private static ConfigResult refused(String file, Position at, String message) {
        Findings findings = new Findings(file);
        findings.error(at, "", message);
        return new ConfigResult(Optional.empty(), findings.sorted());
    }

    /** Nodes only: load() would turn the text into what YAML 1.1 takes it for. */
    private static Optional<Node> compose(String text, Findings findings) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        try {
            Node node = new Yaml(new SafeConstructor(options), new Representer(new DumperOptions()),
                    new DumperOptions(), options, new TextOnly()).compose(new StringReader(text));
            if (node != null) {
                return Optional.of(node);
            }
            findings.error(Position.START, "", "is empty; give vrrp_instances or virtual_servers");
        } catch (MarkedYAMLException e) {
            Position at = e.getProblemMark() == null ? Position.START : Position.of(e.getProblemMark());
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            findings.error(at, "", "not valid YAML: " + oneLine(context + e.getProblem()));
        } catch (ReaderException e) {
            int end = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
            findings.error(Position.after(text.substring(0, end)), "",
                    "not valid YAML: the character U+" + String.format("%04X", e.getCodePoint())
                            + " is not allowed; remove it");
        } catch (YAMLException e) {
            // The limits of LoaderOptions come without a mark.
            findings.error(Position.START, "", "not valid YAML: " + oneLine(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            // snakeyaml converts \U escapes by Integer.parseInt and Character.toChars, unchecked.
            findings.error(Position.START, "", "not valid YAML: a \\U escape is beyond \\U0010FFFF");
        }
        return Optional.empty();
    }

    /** Takes no text for a number or a date: nobody asks, and finding out is a third of the time that reading takes. */
    private static final class TextOnly extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // none
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }
}
