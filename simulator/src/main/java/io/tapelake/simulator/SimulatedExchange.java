package io.tapelake.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A simulated exchange on a loopback port: WebSocket and REST, driven by one thread of its own. */
@SuppressWarnings("FutureReturnValueIgnored") // what is closed needs no waiting for
public final class SimulatedExchange implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SimulatedExchange.class.getName());

  private final Exchange exchange;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final ChannelGroup clients;
  private final ServerBootstrap bootstrap;
  private final int port;
  private Channel listener;
  private boolean binding;

  private SimulatedExchange(Exchange exchange, int port, boolean deflate) throws IOException {
    this.exchange = exchange;
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("exchange", true), NioIoHandler.newFactory());
    loop = group.next();
    clients = new DefaultChannelGroup(loop);
    bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(pipeline(deflate));
    try {
      listener = bootstrap.bind(InetAddress.getLoopbackAddress(), port).sync().channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening port " + port, e);
    } catch (Exception e) {
      // Netty throws the checked exception of a failed bind without declaring it.
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on port " + port + ": " + e.getMessage() + "; choose another port", e);
    }
    this.port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /**
   * Opens an exchange to clients.
   *
   * @param exchange not used by anyone else any more
   * @param port to listen on, or 0 for any free one
   * @param every how often it looks for what is due, in time of the wall clock
   * @param deflate whether messages are compressed for clients that ask for it, as the real one
   *     does; costs most of the throughput
   */
  public static SimulatedExchange open(Exchange exchange, int port, Duration every, boolean deflate)
      throws IOException {
    SimulatedExchange opened = new SimulatedExchange(exchange, port, deflate);
    opened.loop.scheduleWithFixedDelay(opened::tick, 0, every.toNanos(), TimeUnit.NANOSECONDS);
    return opened;
  }

  /** Opens an exchange on a free port, for tests. */
  public static SimulatedExchange open(Exchange exchange) throws IOException {
    return open(exchange, 0, Duration.ofMillis(1), false);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** What a client adds /public or /business to. */
  public String wsUrl() {
    return "ws://127.0.0.1:" + port + "/ws/v5";
  }

  /** What a client adds /api/v5 to. */
  public String restUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** Every trade of an instrument that has happened by now, by ascending id. */
  public List<Trade> truth(String instrument) {
    return exchange.truth(instrument);
  }

  /** Writes every trade that has happened by now; returns how many. */
  public long writeTruth(Path file) throws IOException {
    return writeTruth(file, exchange.now());
  }

  /** Writes every trade that has happened by that time; returns how many. */
  long writeTruth(Path file, Instant until) throws IOException {
    return Truth.write(exchange.tape(), until, file);
  }

  /**
   * Lets more things go wrong.
   *
   * @param script lines as in {@link FaultScript}; durations count from now
   */
  public void inject(String script) {
    call(
        () -> {
          exchange.inject(FaultScript.parse(script, exchange.now()));
          return null;
        });
  }

  /** How many WebSocket connections are open. */
  public int openConnections() {
    return call(exchange::openConnections);
  }

  /** The exchange's time. */
  public Instant now() {
    return exchange.now();
  }

  /** Resets whoever is connected and gives the port back. */
  @Override
  public void close() {
    listener.close();
    clients.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private ChannelInitializer<SocketChannel> pipeline(boolean deflate) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel client) {
        clients.add(client);
        client.pipeline().addLast(new HttpServerCodec());
        client.pipeline().addLast(new HttpObjectAggregator(1 << 20));
        if (deflate) {
          client.pipeline().addLast(new WebSocketServerCompressionHandler(0));
        }
        client.pipeline().addLast(new FrontDoor(exchange, deflate));
      }
    };
  }

  private void tick() {
    try {
      exchange.tick();
      openOrShut();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the simulated exchange failed", e);
    }
  }

  /** Closes the port while the exchange is down and opens it afterwards. */
  private void openOrShut() {
    if (exchange.isDown()) {
      if (listener.isOpen()) {
        listener.close();
        clients.forEach(Wire::reset);
      }
    } else if (!listener.isOpen() && !binding) {
      binding = true;
      bootstrap
          .bind(InetAddress.getLoopbackAddress(), port)
          .addListener(
              (ChannelFuture bound) -> {
                binding = false;
                if (bound.isSuccess()) {
                  listener = bound.channel();
                }
              });
    }
  }

  private <T> T call(Callable<T> task) {
    try {
      return loop.submit(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the exchange", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
