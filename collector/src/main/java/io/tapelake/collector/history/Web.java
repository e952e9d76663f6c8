package io.tapelake.collector.history;

import io.tapelake.collector.connect.HttpClients;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.collector.decode.RestAnswer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Asks the exchange and waits for the answer. Every answer has a bound on its length. */
final class Web implements Closeable {

  /** A venue's day is some 70 MB, an instrument's month some 300. */
  private static final long LONGEST_FILE = 4L << 30;

  private static final long LONGEST_ANSWER = 2L << 20;
  private static final int MOST_REDIRECTS = 5;

  /** Files come slowly now and then. */
  private static final Duration READ_WITHIN = Duration.ofSeconds(30);

  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
  private static final Duration FILE_WITHIN = Duration.ofHours(2);

  private final OkHttpClient client;
  private final OkHttpClient files;

  Web(OkHttpClient client) {
    this(client, ANSWER_WITHIN, FILE_WITHIN);
  }

  /** However slowly bytes drip, answers and files are whole within some time. */
  Web(OkHttpClient client, Duration answerWithin, Duration fileWithin) {
    this.client = client.newBuilder().readTimeout(READ_WITHIN).callTimeout(answerWithin).build();
    this.files = this.client.newBuilder().callTimeout(fileWithin).build();
  }

  /** The answer to a request, or why there is none. */
  RestAnswer get(String url) {
    try (Response response = open(client, url)) {
      if (response.body().source().request(LONGEST_ANSWER)) {
        return RestAnswer.failed("the answer is longer than " + LONGEST_ANSWER + " bytes");
      }
      String body = new String(response.body().source().readByteArray(), StandardCharsets.UTF_8);
      return new RestAnswer(response.code(), body, null, HttpClients.retryAfter(response));
    } catch (IOException e) {
      return RestAnswer.failed(HttpClients.describe(e));
    }
  }

  /** Saves what an address has; the HTTP status, and the file only when that is 200. */
  int save(String url, Path file) throws IOException {
    try (Response response = open(files, url)) {
      if (response.code() != 200) {
        return response.code();
      }
      try (FileChannel out =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        byte[] chunk = new byte[1 << 16];
        java.io.InputStream in = response.body().byteStream();
        java.io.OutputStream to = Channels.newOutputStream(out);
        long bytes = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          bytes += count;
          if (bytes > LONGEST_FILE) {
            throw new IOException(url + " is longer than " + LONGEST_FILE + " bytes");
          }
          to.write(chunk, 0, count);
        }
      }
      return 200;
    }
  }

  /** Follows redirects. Without encryption only to the host that was asked without. */
  private static Response open(OkHttpClient client, String url) throws IOException {
    HttpUrl at = HttpUrl.get(url);
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      Request request = new Request.Builder().url(at).build();
      Response response = client.newCall(request).execute();
      String location = response.header("Location");
      if (response.code() / 100 != 3 || location == null) {
        return response;
      }
      response.close();
      HttpUrl next = at.resolve(location);
      if (next == null || (!next.isHttps() && (at.isHttps() || !next.host().equals(at.host())))) {
        throw new IOException(
            "%s redirects to '%s', which is not encrypted".formatted(at, Excerpt.of(location)));
      }
      at = next;
    }
    throw new IOException(url + " redirects more than " + MOST_REDIRECTS + " times");
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
