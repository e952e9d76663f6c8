package io.tapelake.live.serve;

import io.tapelake.live.market.Market;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The page's server: one port, HTTP and WebSocket. */
public final class LiveServer implements Closeable {

  private static final int THREADS = 16;
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** What the system holds for a slow reader is stale once he reads it. */
  private static final int SEND_BUFFER = 64 << 10;

  /** A browser says little: what it wants to watch. */
  private static final int MOST_TEXT = 512;

  private final Server server;
  private final ServerConnector connector;
  private final Publisher publisher;

  /**
   * A server that has not started yet.
   *
   * @param address where it listens; port 0 picks a free one
   * @param isFollowing whether the files are followed
   * @param isReady whether the figures of now are complete
   */
  public LiveServer(
      InetSocketAddress address,
      Access access,
      Market market,
      BooleanSupplier isFollowing,
      BooleanSupplier isReady) {
    TapeJson writer = new TapeJson(market.settings());
    Liveness liveness = new Liveness(market);
    publisher = new Publisher(market, writer, liveness);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("http");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(8 << 10);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setAcceptedSendBufferSize(SEND_BUFFER);
    server.addConnector(connector);
    Api api =
        new Api(
            market,
            writer,
            liveness,
            new Metrics(market, publisher),
            () -> isFollowing.getAsBoolean() && publisher.isAlive(),
            isReady);
    WebSocketUpgradeHandler sockets =
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxTextMessageSize(MOST_TEXT);
              container.setIdleTimeout(IDLE);
              container.addMapping(
                  "/stream",
                  (request, response, callback) -> {
                    if (publisher.isFull()) {
                      response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
                      callback.succeeded();
                      return null;
                    }
                    return new Client(publisher);
                  });
            });
    sockets.setHandler(api);
    server.setHandler(new Gate(access, sockets));
    server.setErrorHandler(new QuietErrors());
  }

  /** Starts to answer; the port it listens on. */
  public int start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server did not start", e);
    }
    publisher.start();
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    publisher.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop", e);
    }
  }
}
