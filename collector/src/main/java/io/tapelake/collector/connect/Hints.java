package io.tapelake.collector.connect;

import io.tapelake.collector.decode.RestAnswer;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What answers that are none mostly mean, for the person who reads the log. */
public final class Hints {

  private Hints() {}

  /** What a failed connection mostly means; empty when nobody knows. */
  static String of(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    if (failure instanceof SSLException) {
      return text.contains("certification path") || text.contains("trust")
          ? "Java does not trust the certificate: where a company's proxy intercepts TLS, give its"
              + " certificate with --trust-store FILE"
          : "no TLS there: a captive portal, a proxy, or a wrong port?";
    }
    if (failure instanceof UnknownHostException) {
      return "no network, no DNS, or only a proxy leads out: set HTTPS_PROXY";
    }
    return "";
  }

  /** What an HTTP status in place of a WebSocket mostly means; empty when nobody knows. */
  static String ofStatus(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> "sent elsewhere: a captive portal, or a wrong address?";
      case 401, 403, 451 -> "blocked here: by country or address, or another --region is yours";
      case 404 -> "is the address right? OKX's ends in /ws/v5";
      case 407 -> "the proxy wants a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT";
      default -> "";
    };
  }

  /** What an answer of REST that is none mostly means; empty when nobody knows. */
  public static String of(RestAnswer answer) {
    if (answer.failure() != null) {
      return "";
    }
    String body = String.valueOf(answer.body()).stripLeading().toLowerCase(Locale.ROOT);
    boolean isPage = body.startsWith("<");
    if (answer.status() == 404) {
      return "is --rest-url right?";
    }
    String hint = ofStatus(answer.status());
    return hint.isEmpty() && isPage ? "a web page: a captive portal or a proxy?" : hint;
  }
}
