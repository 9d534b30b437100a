package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.dialogue.CallDialogue;
import dev.vipd.healthcheck.dialogue.CallDialogue.Next;
import io.netty.channel.Channel;
import java.util.Optional;

/**
 * Carries {@link CallDialogue}s to one target over HTTP/2, by ALPN inside TLS, else by prior knowledge (RFC 9113,
 * section 3). Connections are kept and replaced as those of a {@link StreamClient} are. Confined to one event loop.
 */
final class Http2Client {
    private final Route route;
    private final Optional<TlsPeer> peer;
    private final boolean keepAlive;
    private Http2Connection idle;

    Http2Client(Route route, Optional<TlsConfig> tls, boolean keepAlive) {
        this.route = route;
        this.peer = tls.map(config -> new TlsPeer(route, config, Optional.of("h2"), System::currentTimeMillis));
        this.keepAlive = keepAlive;
    }

    /** Runs the dialogue to its end, which is the run's. */
    void start(CallDialogue dialogue, ProbeRun run) {
        if (peer.isEmpty() || !peer.get().refuses(run)) {
            new Exchange(dialogue, run).start();
        }
    }

    /** Closes an idle connection. */
    void close() {
        if (idle != null) {
            idle.close();
            idle = null;
        }
    }

    /** One dialogue. */
    private final class Exchange implements Http2Connection.User {
        private final CallDialogue dialogue;
        private final ProbeRun run;
        private Http2Connection connection;
        /** The connection was kept from before, and the server has not sent any of a response over it yet. */
        private boolean stale;

        Exchange(CallDialogue dialogue, ProbeRun run) {
            this.dialogue = dialogue;
            this.run = run;
        }

        void start() {
            Http2Connection kept = idle;
            idle = null;
            if (kept == null) {
                connect();
            } else if (!kept.isUsable() || !fault(kept).isEmpty()) {
                kept.close();
                connect(); // it is the handshake that judges a certificate
            } else {
                stale = true;
                run.connected();
                begin(kept);
            }
        }

        private String fault(Http2Connection kept) {
            return peer.isEmpty() ? "" : peer.get().fault(kept.certificate().orElseThrow());
        }

        private void connect() {
            stale = false;
            connection = null;
            ChannelConnector.connect(route, run, channel -> {
                if (peer.isPresent()) {
                    peer.get().secure(channel, run, certificate -> begin(channel, Optional.of(certificate)));
                } else {
                    begin(channel, Optional.empty());
                }
            });
        }

        private void begin(Channel channel, Optional<CertificateDates> certificate) {
            begin(Http2Connection.on(channel, certificate));
        }

        private void begin(Http2Connection with) {
            connection = with;
            connection.use(this);
            run.onEnd(connection::close);
            run.awaiting(dialogue::awaited);
            connection.send(dialogue.call());
        }

        @Override
        public void next(Http2Connection.Event event) {
            if (run.decided()) {
                return;
            }
            switch (event) {
                case Http2Connection.Event.Fields(var fields, boolean end) -> {
                    stale = false;
                    act(dialogue.onFields(fields, end));
                }
                case Http2Connection.Event.Data(var data, boolean end) -> {
                    stale = false;
                    act(dialogue.onData(data, end));
                }
                case Http2Connection.Event.Closed _ -> broken(dialogue.closed());
                case Http2Connection.Event.Broken(String reason) -> broken(reason);
            }
        }

        private void broken(String reason) {
            if (stale) {
                anew();
            } else {
                run.failed(reason);
            }
        }

        private void act(Next next) {
            switch (next) {
                case Next.Wait() -> {}
                case Next.Call call -> {
                    if (connection.isUsable()) {
                        connection.send(call);
                    } else {
                        anew();
                    }
                }
                case Next.Passed() -> pass();
                case Next.Failed(String reason) -> run.failed(reason);
            }
        }

        private void pass() {
            if (keepAlive && connection.isUsable()) {
                run.onEnd(() -> {});
                connection.use(null);
                idle = connection;
            }
            String warning = connection.certificate().map(dates -> peer.get().warning(dates, "")).orElse("");
            run.passed(Advice.NONE, warning);
        }

        private void anew() {
            connection.close();
            connect();
        }
    }
}
