package io.tapelake.collector.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;

/**
 * Which proxy leads to a host: Java's own properties where they are set, otherwise the variables
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} that other
 * programs know, in either case. This machine is never looked for behind a proxy.
 */
public final class Proxies extends ProxySelector implements Authenticator {

  private static final Set<String> JAVAS =
      Set.of("http.proxyHost", "https.proxyHost", "socksProxyHost");
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final Map<String, String> environment;
  private final Map<String, String> properties;

  /**
   * @param environment the variables of the environment
   * @param properties Java's properties
   * @throws IllegalArgumentException when a variable names no proxy that can be used
   */
  public Proxies(Map<String, String> environment, Map<String, String> properties) {
    this.environment = Map.copyOf(environment);
    this.properties = Map.copyOf(properties);
    proxy(true);
    proxy(false);
  }

  /** Those of this process. */
  public static Proxies ofThisProcess() {
    Map<String, String> properties = new java.util.HashMap<>();
    for (String name : JAVAS) {
      if (System.getProperty(name) != null) {
        properties.put(name, System.getProperty(name));
      }
    }
    return new Proxies(System.getenv(), properties);
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (isLoopback(host)) {
      return DIRECT;
    }
    boolean secure = uri.getScheme().equals("https") || uri.getScheme().equals("wss");
    if (properties.containsKey(secure ? "https.proxyHost" : "http.proxyHost")
        || properties.containsKey("socksProxyHost")) {
      return ProxySelector.getDefault().select(uri);
    }
    URI proxy = proxy(secure);
    int port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
    return proxy == null || isExempt(host, port) ? DIRECT : List.of(proxy(proxy));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /** The proxy that the environment names for such an address; null when it names none. */
  private URI proxy(boolean secure) {
    String name = secure ? "https_proxy" : "http_proxy";
    name = variable(name).isEmpty() ? "all_proxy" : name;
    String text = variable(name);
    if (text.isEmpty()) {
      return null;
    }
    URI uri = parsed(text.contains("://") ? text : "http://" + text);
    if (uri == null || uri.getHost() == null) {
      throw refused(name, "names no proxy; give it as http://HOST:PORT");
    }
    if (isSocks(uri) && uri.getRawUserInfo() != null) {
      throw refused(
          name, "has a login for a SOCKS proxy, which only HTTP proxies get; leave it out");
    }
    return uri;
  }

  private static URI parsed(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Names the variable instead of its value: there may be a password in it. */
  private static IllegalArgumentException refused(String variable, String why) {
    return new IllegalArgumentException(
        "%s of the environment %s.".formatted(variable.toUpperCase(Locale.ROOT), why));
  }

  private static boolean isSocks(URI proxy) {
    return proxy.getScheme().startsWith("socks");
  }

  private String variable(String name) {
    String small = environment.getOrDefault(name, "").strip();
    return small.isEmpty()
        ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").strip()
        : small;
  }

  private static Proxy proxy(URI uri) {
    boolean socks = isSocks(uri);
    int usual = socks ? 1080 : uri.getScheme().equals("https") ? 443 : 80;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    return new Proxy(
        socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
        InetSocketAddress.createUnresolved(uri.getHost(), port));
  }

  /** Whether NO_PROXY names a host: itself, a domain it is in, or with a port. */
  private boolean isExempt(String host, int port) {
    for (String each : variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      int colon = each.lastIndexOf(':');
      boolean hasPort = colon > 0 && each.substring(colon + 1).matches("\\d+");
      if (hasPort && Integer.parseInt(each.substring(colon + 1)) != port) {
        continue;
      }
      String name = hasPort ? each.substring(0, colon) : each;
      String domain = name.startsWith("*.") ? name.substring(1) : name;
      boolean within = host.endsWith(domain.startsWith(".") ? domain : "." + domain);
      if (name.equals("*") || (!domain.isEmpty() && (host.equals(domain) || within))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The connection that fails says so itself.
  }

  /** Answers a proxy that asks for a name and a password with those in the variable. */
  @Override
  public Request authenticate(Route route, Response response) {
    URI proxy = proxy(response.request().isHttps());
    boolean refused = response.request().header("Proxy-Authorization") != null;
    if (proxy == null || proxy.getRawUserInfo() == null || refused) {
      return null;
    }
    String[] login = proxy.getRawUserInfo().split(":", 2);
    return response
        .request()
        .newBuilder()
        .header(
            "Proxy-Authorization",
            Credentials.basic(plain(login[0]), login.length > 1 ? plain(login[1]) : ""))
        .build();
  }

  private static String plain(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
