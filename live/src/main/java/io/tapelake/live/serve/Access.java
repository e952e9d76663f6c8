package io.tapelake.live.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Who may ask. A page of another site that a browser on this machine has open, or a name that was
 * made to point here, is turned away: the Host has to be a name of this server, and an Origin,
 * where there is one, this server's own. With a token every request has to bring it, too.
 *
 * @param names host names that this server answers to beside those of loopback
 * @param token null when none is asked for
 */
public record Access(Set<String> names, String token) {

  /** The cookie that keeps the token of a browser that brought it once. */
  static final String COOKIE = "tapelake-live";

  private static final Set<String> LOOPBACK =
      Set.of("localhost", "127.0.0.1", spelledAsOne("[::1]"));

  public Access {
    names = names.stream().map(Access::spelledAsOne).collect(Collectors.toUnmodifiableSet());
  }

  /** A host as it stands in an address: one of IPv6 in brackets. */
  public static String inAddress(String host) {
    return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
  }

  /** Why a request is turned away, or null. */
  String refusal(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (host == null || !isOurs(host)) {
      return "this server does not answer to the host name of this request; behind a reverse proxy give it with --host";
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && !isOrigin(origin, host)) {
      return "requests of other sites are not answered";
    }
    String site = request.getHeaders().get("Sec-Fetch-Site");
    String mode = request.getHeaders().get("Sec-Fetch-Mode");
    if ("cross-site".equals(site) && !"navigate".equals(mode)) {
      return "requests of other sites are not answered";
    }
    return null;
  }

  /** Whether a request brings the token, where one is asked for. */
  boolean isKnown(Request request) {
    return token == null || isToken(bearer(request)) || isToken(cookie(request));
  }

  /** Whether a text is the token; takes as long for a wrong one as for a right one. */
  boolean isToken(String text) {
    return token != null
        && text != null
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isOurs(String host) {
    String name = name(host);
    return LOOPBACK.contains(name) || names.contains(name);
  }

  private static boolean isOrigin(String origin, String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String own = host.toLowerCase(Locale.ROOT);
    return lower.equals("http://" + own) || lower.equals("https://" + own);
  }

  /** A Host without its port. */
  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    return spelledAsOne(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
  }

  /** A host name in lower case; an address of IPv6, which can be spelled in many ways, in one. */
  private static String spelledAsOne(String name) {
    String host = inAddress(name);
    if (host.startsWith("[")) {
      try {
        return InetAddress.getByName(host).getHostAddress();
      } catch (UnknownHostException e) {
        // What is in brackets and no address is nobody's name: no name server is asked.
      }
    }
    return host.toLowerCase(Locale.ROOT);
  }

  private static String bearer(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    String scheme = "Bearer ";
    return header != null && header.startsWith(scheme) ? header.substring(scheme.length()) : null;
  }

  private static String cookie(Request request) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(COOKIE)) {
        return cookie.getValue();
      }
    }
    return null;
  }
}
