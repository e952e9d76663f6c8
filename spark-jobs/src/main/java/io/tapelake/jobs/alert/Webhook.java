package io.tapelake.jobs.alert;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Posts alerts to an address, none of them twice by itself. */
public final class Webhook {

  private final URI address;
  private HttpClient client;

  public Webhook(URI address) {
    this.address = address;
  }

  /**
   * What came of a post.
   *
   * @param status the answer's status, or 0 when none came
   * @param failure what went wrong when none came
   */
  public record Answer(int status, String failure) {

    public boolean isTaken() {
      return status >= 200 && status < 300;
    }

    /**
     * Whether the receiver is there and does not want this alert; otherwise it is to be awaited.
     */
    public boolean isRefusal() {
      return switch (status) {
        case 0, 408, 429, 502, 503, 504 -> false;
        default -> !isTaken();
      };
    }

    /** In words that hold nothing of the address. */
    public String words() {
      return status == 0 ? failure : "status " + status;
    }
  }

  /** Posts an alert, and waits for the answer no longer than told. */
  public Answer post(Alert alert, Duration atMost) {
    AtomicInteger status = new AtomicInteger();
    CompletableFuture<HttpResponse<Void>> answer = null;
    try {
      answer =
          client()
              .sendAsync(
                  request(alert, atMost),
                  head -> {
                    status.set(head.statusCode());
                    return HttpResponse.BodySubscribers.discarding();
                  });
      answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return new Answer(status.get(), null);
    } catch (ExecutionException e) {
      return failed(status.get(), e.getCause());
    } catch (TimeoutException | RuntimeException e) {
      return failed(status.get(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(status.get(), e);
    } finally {
      if (answer != null) {
        answer.cancel(true);
      }
    }
  }

  /** Once there is a status, how the rest of the answer ends does not matter. */
  private static Answer failed(int status, Throwable why) {
    // A message could hold the address.
    return new Answer(status, why.getClass().getSimpleName());
  }

  private HttpRequest request(Alert alert, Duration atMost) {
    return HttpRequest.newBuilder(address)
        .timeout(atMost)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", alert.id())
        .header("User-Agent", "tapelake")
        .POST(HttpRequest.BodyPublishers.ofString(alert.line(), StandardCharsets.UTF_8))
        .build();
  }

  private HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .build();
    }
    return client;
  }
}
