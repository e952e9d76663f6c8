package io.tapelake.collector.connect;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** How the network is reached, for capture and history alike: through proxies, with whose trust. */
public final class HttpClients {

  private static final String AGENT = "tapelake/0.1";

  private HttpClients() {}

  /**
   * Makes a client. It follows no redirect: an answer of the exchange is never somewhere else.
   *
   * @param trust a file of further certificates to trust; null for none
   * @param password of that file, where it needs one
   * @param demo whether the exchange's demo trading is meant
   */
  public static OkHttpClient make(Proxies proxies, Path trust, String password, boolean demo)
      throws IOException {
    OkHttpClient.Builder client =
        new OkHttpClient.Builder()
            .connectTimeout(10, TimeUnit.SECONDS)
            .readTimeout(10, TimeUnit.SECONDS)
            .writeTimeout(10, TimeUnit.SECONDS)
            .connectionPool(new ConnectionPool(2, 1, TimeUnit.MINUTES))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(true)
            .proxySelector(proxies)
            .proxyAuthenticator(proxies)
            .addInterceptor(chain -> chain.proceed(signed(chain.request(), demo)));
    if (trust != null) {
      TrustStore store = TrustStore.read(trust, password);
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {store}, null);
        client.sslSocketFactory(context.getSocketFactory(), store);
      } catch (GeneralSecurityException e) {
        throw new IOException("this Java has no TLS: " + e.getMessage(), e);
      }
    }
    return client.build();
  }

  private static Request signed(Request request, boolean demo) {
    Request.Builder signed =
        request.newBuilder().removeHeader("Sec-WebSocket-Extensions").header("User-Agent", AGENT);
    return (demo ? signed.header("x-simulated-trading", "1") : signed).build();
  }

  /** The pause a server asks for in seconds; null for none, a date, or nonsense. */
  public static Duration retryAfter(Response response) {
    String header = response == null ? null : response.header("Retry-After");
    if (header == null || !header.matches("\\d{1,4}")) {
      return null;
    }
    return Duration.ofSeconds(Math.min(Integer.parseInt(header), 300));
  }

  /** What went wrong, and what that mostly means. */
  public static String describe(Throwable failure) {
    String message = failure.getMessage();
    String hint = Hints.of(failure);
    return failure.getClass().getSimpleName()
        + (message == null ? "" : ": " + message)
        + (hint.isEmpty() ? "" : " (" + hint + ")");
  }
}
