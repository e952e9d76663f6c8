package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class ProxiesTest {

  private static final String OKX = "https://www.okx.com";

  @Test
  void withoutVariablesNobodyIsAsked() {
    assertThat(proxy(Map.of(), OKX)).isEqualTo("direct");
  }

  @Test
  void eachSchemeHasItsVariableInEitherCase() {
    assertThat(proxy(Map.of("HTTPS_PROXY", "http://p:3128"), OKX)).isEqualTo("HTTP p:3128");
    assertThat(proxy(Map.of("https_proxy", "p:3128"), OKX)).isEqualTo("HTTP p:3128");
    assertThat(proxy(Map.of("HTTP_PROXY", "http://p:3128"), OKX)).isEqualTo("direct");
    assertThat(proxy(Map.of("http_proxy", "http://p"), "http://x.invalid")).isEqualTo("HTTP p:80");
    assertThat(proxy(Map.of("ALL_PROXY", "socks5://p"), OKX)).isEqualTo("SOCKS p:1080");
  }

  @Test
  void theSmallNameWinsAndAnEmptyOneIsNone() {
    assertThat(proxy(Map.of("HTTPS_PROXY", "a:1", "https_proxy", "b:2"), OKX))
        .isEqualTo("HTTP b:2");
    assertThat(proxy(Map.of("HTTPS_PROXY", "a:1", "https_proxy", ""), OKX)).isEqualTo("HTTP a:1");
  }

  @Test
  void hostsOfNoProxyAreReachedDirectly() {
    for (String exempt :
        new String[] {
          "www.okx.com", "okx.com", ".okx.com", "*.okx.com", "*", "a, OKX.com", "okx.com:443"
        }) {
      Map<String, String> variables = Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exempt);
      assertThat(proxy(variables, "https://www.okx.com:443")).as(exempt).isEqualTo("direct");
      assertThat(proxy(variables, OKX)).as(exempt).isEqualTo("direct");
    }
    for (String other : new String[] {"", ",", "kx.com", "okx.com.cn", "okx.com:8443"}) {
      Map<String, String> variables = Map.of("HTTPS_PROXY", "p:1", "no_proxy", other);
      assertThat(proxy(variables, "https://www.okx.com:443")).as(other).isEqualTo("HTTP p:1");
    }
  }

  @Test
  void thisMachineIsNeverBehindAProxy() {
    Map<String, String> variables = Map.of("HTTP_PROXY", "p:1", "HTTPS_PROXY", "p:1");
    for (String host : new String[] {"localhost", "127.0.0.1", "127.0.1.1", "[::1]"}) {
      assertThat(proxy(variables, "http://" + host + ":8765")).isEqualTo("direct");
    }
  }

  @Test
  void whatIsNoProxyIsRefusedWithTheVariableAndWithoutItsPassword() {
    for (String text :
        new String[] {
          "http://", "http://me:pa ss@proxy:3128", "me:pa ss@my_proxy", "http://me:pa%ss@p", "pa ss"
        }) {
      refused("HTTPS_PROXY", text, "HTTPS_PROXY of the environment names no proxy");
    }
    refused("all_proxy", "http://my_proxy", "ALL_PROXY of the environment names no proxy");
  }

  @Test
  void aLoginOfASocksProxyIsRefused() {
    refused("ALL_PROXY", "socks5://me:pa%20ss@p", "which only HTTP proxies get");
  }

  private static void refused(String variable, String text, String why) {
    assertThatThrownBy(() -> new Proxies(Map.of(variable, text), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("pa")
        .hasNoCause();
  }

  @Test
  void aProxyThatWantsALoginGetsTheVariablesOnce() {
    assertThat(login("http://me:pa%40ss%3A+@p:1")).isEqualTo(Credentials.basic("me", "pa@ss:+"));
    assertThat(login("http://token@p:1")).isEqualTo(Credentials.basic("token", ""));
    assertThat(login("http://me:@p:1")).isEqualTo(Credentials.basic("me", ""));
    assertThat(login("http://p:1")).isNull();
    Request again = new Request.Builder().url(OKX).header("Proxy-Authorization", "x").build();
    assertThat(answer("http://me:no@p:1", again)).isNull();
  }

  private static String login(String variable) {
    Request request = answer(variable, new Request.Builder().url(OKX).build());
    return request == null ? null : request.header("Proxy-Authorization");
  }

  private static Request answer(String variable, Request request) {
    Response refusal =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(407)
            .message("")
            .build();
    return new Proxies(Map.of("HTTPS_PROXY", variable), Map.of()).authenticate(null, refusal);
  }

  private static String proxy(Map<String, String> environment, String address) {
    Proxy proxy = new Proxies(environment, Map.of()).select(URI.create(address)).get(0);
    if (proxy.type() == Proxy.Type.DIRECT) {
      return "direct";
    }
    InetSocketAddress at = (InetSocketAddress) proxy.address();
    return proxy.type() + " " + at.getHostString() + ":" + at.getPort();
  }
}
