package io.tapelake.simulator;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A WebSocket client that keeps what happens to it, in order. */
final class SocketClient extends WebSocketListener {

  private static final int PATIENCE_SECONDS = 30;

  private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  SocketClient(OkHttpClient client, String url) {
    socket = client.newWebSocket(new Request.Builder().url(url).build(), this);
  }

  void send(String text) {
    socket.send(text);
  }

  void cancel() {
    socket.cancel();
  }

  /** The next thing of that sort that happens; what happens before it is dropped. */
  String next(Predicate<String> wanted) throws InterruptedException {
    while (true) {
      String next = happened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing of that sort happened");
      }
      if (wanted.test(next)) {
        return next;
      }
    }
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    happened.add("open");
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    happened.add(text);
  }

  @Override
  public void onClosing(WebSocket webSocket, int code, String reason) {
    webSocket.close(code, null);
    happened.add("closed " + code + " " + reason);
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
    happened.add("failed " + (response == null ? failure.toString() : response.code()));
  }
}
