package io.tapelake.jobs.alert;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is told of new signals.
 *
 * @param webhook where they are posted; null for nowhere
 * @param stdout whether they are printed on standard output
 * @param maxAge signals of minutes that began longer before as-of are not told
 */
public record AlertSettings(URI webhook, boolean stdout, Duration maxAge) {

  /** Nobody. */
  public static final AlertSettings NONE = new AlertSettings(null, false, Duration.ZERO);

  private static final Pattern PARTS =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)?([a-zA-Z0-9._:\\[\\]-]*)(.*)", Pattern.DOTALL);
  private static final int MAX_PORT = 65_535;

  public boolean isOn() {
    return webhook != null || stdout;
  }

  /**
   * An address that can be posted to.
   *
   * @throws IllegalArgumentException when it is none, saying what is wrong with it
   */
  public static URI parseWebhook(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // Its message has the whole address, and so has the exception as a cause.
      throw new IllegalArgumentException("give an address such as https://example.com/alerts");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("give an address that begins with http:// or https://");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
      throw new IllegalArgumentException(
          "give a host, and a port from 1 to 65535 where one is needed");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("what stands before @ would not be sent; leave it out");
    }
    if ("http".equalsIgnoreCase(uri.getScheme()) && !isLoopback(uri.getHost())) {
      throw new IllegalArgumentException(
          "without TLS alerts only go to this machine; give an https:// address");
    }
    return uri;
  }

  /** By its letters: a name that has to be looked up first can be anybody's. */
  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** An address as far as it may be shown: all but scheme and host can be a secret. */
  public static String shown(String address) {
    Matcher parts = PARTS.matcher(address);
    if (!parts.matches()) {
      return "…";
    }
    String scheme = parts.group(1) == null ? "" : parts.group(1);
    // Before an @ there is a password.
    String host = address.indexOf('@') < 0 ? parts.group(2) : "";
    return scheme + host + (host.equals(parts.group(2) + parts.group(3)) ? "" : "…");
  }
}
