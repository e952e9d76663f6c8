package io.tapelake.simulator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/**
 * Counts what an exchange pushes: {@code PushRate WS_URL SECONDS INSTRUMENT...}. Start the exchange
 * as a process of its own with the rate to be tried.
 */
final class PushRate {

  private PushRate() {}

  public static void main(String[] args) throws InterruptedException {
    LongAdder messages = new LongAdder();
    LongAdder characters = new LongAdder();
    CountDownLatch over = new CountDownLatch(1);
    WebSocketListener listener =
        new WebSocketListener() {
          @Override
          public void onMessage(WebSocket webSocket, String text) {
            messages.increment();
            characters.add(text.length());
          }

          @Override
          public void onClosing(WebSocket webSocket, int code, String reason) {
            System.out.println("closed: " + code + " " + reason);
            over.countDown();
          }

          @Override
          public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
            System.out.println("failed: " + failure);
            over.countDown();
          }
        };
    OkHttpClient client = new OkHttpClient();
    WebSocket socket =
        client.newWebSocket(new Request.Builder().url(args[0] + "/business").build(), listener);
    for (int i = 2; i < args.length; i++) {
      socket.send(
          "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"trades-all\",\"instId\":\"%s\"}]}"
              .formatted(args[i]));
    }
    long begin = System.nanoTime();
    long last = 0;
    for (int second = 1; second <= Integer.parseInt(args[1]); second++) {
      if (over.await(1, TimeUnit.SECONDS)) {
        break;
      }
      long now = messages.sum();
      System.out.println(second + " s: " + (now - last) + " messages");
      last = now;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%d messages in %.1f s: %.0f a second, %.1f MB a second%n",
        messages.sum(), seconds, messages.sum() / seconds, characters.sum() / seconds / 1e6);
    System.exit(0);
  }
}
