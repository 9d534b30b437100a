package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.dialogue.Dialogue;
import dev.vipd.healthcheck.dialogue.Step;
import dev.vipd.netlink.sys.Errno;
import java.nio.ByteBuffer;

/** Dialogues over plain TCP. */
final class TcpClient implements StreamClient {
    private final Route route;
    private final boolean keepAlive;
    private TcpConnection idle;

    TcpClient(Route route, boolean keepAlive) {
        this.route = route;
        this.keepAlive = keepAlive;
    }

    @Override
    public void start(Dialogue dialogue, ProbeRun run) {
        new Exchange(dialogue, run).start();
    }

    @Override
    public void close() {
        if (idle != null) {
            idle.close();
            idle = null;
        }
    }

    /** One dialogue. */
    private final class Exchange implements TcpConnection.User {
        private final Dialogue dialogue;
        private final ProbeRun run;
        private TcpConnection connection;
        /** The connection was kept from before, and the server has not sent anything over it yet. */
        private boolean stale;

        Exchange(Dialogue dialogue, ProbeRun run) {
            this.dialogue = dialogue;
            this.run = run;
        }

        void start() {
            connection = idle != null && idle.isOpen() ? idle : null;
            idle = null;
            if (connection == null) {
                connect();
                return;
            }
            stale = true;
            connection.use(this);
            run.onEnd(connection::close);
            run.connected();
            run.awaiting(dialogue::awaited);
            act(dialogue.begin());
        }

        private void connect() {
            stale = false;
            run.awaiting("connect");
            connection = TcpConnection.open(route, run, this);
        }

        @Override
        public ProbeRun run() {
            return run;
        }

        @Override
        public void connected() {
            run.connected();
            run.awaiting(dialogue::awaited);
            act(dialogue.begin());
        }

        @Override
        public void broken(int error) {
            if (stale) {
                anew();
            } else {
                run.failed(SocketFault.reason(error));
            }
        }

        @Override
        public void readable() {
            // once: if that was not all, the loop calls again when others have had their turn, deadlines among them
            ByteBuffer buffer = run.loop().receiveBuffer();
            int size = connection.receive(buffer);
            if (size == -Errno.EAGAIN) {
                return;
            }
            if (size < 0 || size == 0 && stale) {
                broken(-size);
                return;
            }
            stale = false;
            act(size == 0 ? dialogue.onEnd() : dialogue.on(buffer.limit(size)));
        }

        private void act(Step step) {
            switch (step) {
                case Step.Wait() -> {}
                case Step.Send(byte[] data) -> connection.send(data);
                case Step.Reconnect() -> anew();
                case Step.StartTls() -> throw new IllegalStateException("no TLS here");
                case Step.Passed passed -> {
                    if (keepAlive && passed.reusable() && connection.hasSentAll()) {
                        run.onEnd(() -> {});
                        connection.use(null);
                        idle = connection;
                    }
                    run.passed(passed.advice(), passed.warning());
                }
                case Step.Failed(String reason) -> run.failed(reason);
            }
        }

        private void anew() {
            connection.close();
            connect();
        }
    }
}
