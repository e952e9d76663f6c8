package io.tapelake.collector.connect;

import io.tapelake.collector.decode.MessageDecoder;
import io.tapelake.collector.decode.RestAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/**
 * The exchange over OkHttp. Certificates are checked as the platform does. Compression of the
 * socket is not offered: it costs more than it saves here, and a small frame could blow up to any
 * size.
 */
public final class HttpExchange implements Sockets, Rest {

  /** Longer messages end the connection. */
  private static final long MAX_MESSAGE_BYTES = 2L << 20;

  /** Longer answers of REST are failures: 500 trades are some 60 kB. */
  private static final long MAX_ANSWER_BYTES = 2L << 20;

  private static final int NORMAL_CLOSURE = 1000;
  private final OkHttpClient client;
  private final Dispatcher dispatcher = new Dispatcher();
  private final String restUrl;
  private final Inbox inbox;
  private final LongConsumer meter;

  /** Counted where the inbox is emptied. */
  private int openSockets;

  /**
   * @param client see {@link HttpClients}
   * @param restUrl base of all REST requests
   * @param inbox where everything that happens is told
   * @param meter told of the bytes read
   */
  public HttpExchange(OkHttpClient client, String restUrl, Inbox inbox, LongConsumer meter) {
    this.client = client;
    this.restUrl = restUrl;
    this.inbox = inbox;
    this.meter = meter;
    // An open socket counts as a request under way: it must not keep others from theirs.
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
  }

  @Override
  public Sockets.Socket open(String url, Listener listener) {
    MeteredSockets factory = new MeteredSockets(MAX_MESSAGE_BYTES, meter);
    OkHttpClient metered =
        client
            .newBuilder()
            .dispatcher(dispatcher)
            .socketFactory(factory)
            .readTimeout(0, TimeUnit.SECONDS)
            .pingInterval(0, TimeUnit.SECONDS)
            .build();
    Request request = new Request.Builder().url(url).build();
    Bridge bridge = new Bridge(listener, factory);
    WebSocket socket = metered.newWebSocket(request, bridge);
    openSockets++;
    return new OpenSocket(socket);
  }

  @Override
  public void get(String pathAndQuery, Consumer<RestAnswer> then) {
    Request request =
        new Request.Builder()
            .url(restUrl + pathAndQuery)
            .header("Accept", "application/json")
            .build();
    OkHttpClient patient = client.newBuilder().callTimeout(20, TimeUnit.SECONDS).build();
    patient
        .newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException failure) {
                RestAnswer answer = RestAnswer.failed(HttpClients.describe(failure));
                inbox.event(() -> then.accept(answer));
              }

              @Override
              public void onResponse(Call call, Response response) {
                RestAnswer answer = read(response);
                inbox.event(() -> then.accept(answer));
              }
            });
  }

  /** Whether anything can still come of a socket, also of one that was closed from here. */
  public boolean hasOpenSockets() {
    return openSockets > 0;
  }

  /** Stops all threads; requests under way fail. */
  public void shutDown() {
    for (Dispatcher each : List.of(dispatcher, client.dispatcher())) {
      each.cancelAll();
      each.executorService().shutdown();
    }
    client.connectionPool().evictAll();
  }

  private RestAnswer read(Response response) {
    try (response) {
      if (response.body().source().request(MAX_ANSWER_BYTES)) {
        return RestAnswer.failed("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
      }
      byte[] body = response.body().source().readByteArray();
      meter.accept(body.length);
      return new RestAnswer(
          response.code(),
          new String(body, java.nio.charset.StandardCharsets.UTF_8),
          null,
          HttpClients.retryAfter(response));
    } catch (IOException e) {
      return RestAnswer.failed(HttpClients.describe(e));
    }
  }

  private record OpenSocket(WebSocket socket) implements Sockets.Socket {

    @Override
    public void send(String text) {
      socket.send(text);
    }

    @Override
    public void close() {
      socket.close(NORMAL_CLOSURE, null);
    }

    @Override
    public void cancel() {
      socket.cancel();
    }
  }

  /** Hands over what happens on OkHttp's threads. */
  private final class Bridge extends WebSocketListener {

    private final Listener listener;
    private final MeteredSockets factory;
    private boolean overflowed;
    private boolean over;

    Bridge(Listener listener, MeteredSockets factory) {
      this.listener = listener;
      this.factory = factory;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      inbox.event(listener::opened);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      factory.messageRead();
      if (!overflowed && !inbox.message(text.length(), () -> listener.text(text))) {
        overflowed = true;
        socket.cancel();
        over("overflow: trades came faster than they could be written", null);
      }
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
      // The exchange sends text only; this will be counted as unreadable.
      onMessage(socket, MessageDecoder.BINARY + bytes.size());
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      socket.close(NORMAL_CLOSURE, null);
      over("closed by the exchange: " + code + " " + reason, null);
    }

    private void over(String reason, Duration retryAfter) {
      inbox.event(
          () -> {
            openSockets -= over ? 0 : 1;
            over = true;
            listener.closed(reason, retryAfter);
          });
    }

    private static String refusal(int status) {
      String hint = Hints.ofStatus(status);
      return "refused with HTTP " + status + (hint.isEmpty() ? "" : ": " + hint);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, Response response) {
      Duration retryAfter = HttpClients.retryAfter(response);
      String reason = response == null ? HttpClients.describe(failure) : refusal(response.code());
      over(reason, retryAfter);
    }
  }
}
