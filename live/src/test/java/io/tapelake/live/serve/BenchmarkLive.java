package io.tapelake.live.serve;

import io.tapelake.live.follow.Vault;
import io.tapelake.live.market.Tape;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures a live page that runs already, from the append to a file to the picture on a screen.
 *
 * <pre>{@code
 * BenchmarkLive history VAULT INSTRUMENTS DAYS TRADES_A_MINUTE      writes a vault
 * BenchmarkLive follow VAULT URL INSTRUMENTS TRADES_A_SECOND SECONDS CLIENTS DEAF
 * BenchmarkLive open URL                                    first paints of five browsers
 * }</pre>
 */
public final class BenchmarkLive {

  private static final long SETTLE_NANOS = 15_000_000_000L;
  private static final long SLICE_NANOS = 5_000_000;

  /** Notes when a trade's id has been painted: in the frame behind the one that drew it. */
  private static final String NOTE_PAINTS =
      """
      window.paints = []; window.frames = 0;
      const main = document.getElementById('live');
      new MutationObserver(() => {
        const id = main.dataset.lastTradeId;
        requestAnimationFrame(() => setTimeout(() => window.paints.push([id, Date.now()]), 0));
      }).observe(main, { attributes: true, attributeFilter: ['data-last-trade-id'] });
      window.busy = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.busy += entry.duration; }))
        .observe({ entryTypes: ['longtask'] });
      const frame = () => { window.frames++; requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
      """;

  private static final Pattern LAST = Pattern.compile("\"last\":\\{\"id\":\"([0-9]+)\"");

  /** By newest trade, when the first of the other clients heard of it. */
  private static final Map<Long, Long> HEARD = new ConcurrentSkipListMap<>();

  private BenchmarkLive() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("open")) {
      firstPaints(arguments[1]);
      return;
    }
    Vault vault = new Vault(Path.of(arguments[1]));
    if (arguments[0].equals("history")) {
      history(vault, number(arguments[2]), number(arguments[3]), number(arguments[4]));
    } else {
      follow(
          vault,
          arguments[2],
          number(arguments[3]),
          number(arguments[4]),
          number(arguments[5]),
          number(arguments[6]),
          number(arguments[7]));
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static String instrument(int index) {
    return index == 0 ? Tape.BTC : "I" + index + "-USDT-SWAP";
  }

  private static void history(Vault vault, int instruments, int days, int tradesAMinute)
      throws IOException {
    Instant end = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    for (int index = 0; index < instruments; index++) {
      Random random = new Random(index);
      long count = (long) days * 1440 * tradesAMinute;
      long ticks = 1_000_000;
      BufferedWriter out = null;
      String day = "";
      for (long i = 0; i < count; i++) {
        Instant time = end.minusMillis((count - i) * 60_000 / tradesAMinute);
        if (!time.toString().startsWith(day) || out == null) {
          if (out != null) {
            out.close();
          }
          day = time.toString().substring(0, 10);
          out = Files.newBufferedWriter(vault.file(instrument(index), day));
        }
        ticks = Math.max(900_000, ticks + random.nextInt(61) - 30);
        out.write(TradeLine.format(trade(index, time, i, ticks, random)));
        out.newLine();
      }
      out.close();
    }
  }

  private static Trade trade(int index, Instant time, long id, long ticks, Random random) {
    return new Trade(
        time.truncatedTo(ChronoUnit.MILLIS),
        instrument(index),
        id,
        random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
        BigDecimal.valueOf(ticks, 1),
        BigDecimal.valueOf(1 + random.nextInt(5000), 2),
        Tape.LINEAR);
  }

  private static void follow(
      Vault vault, String url, int instruments, int rate, int seconds, int clients, int deaf)
      throws Exception {
    List<WebSocket> others = new ArrayList<>();
    AtomicLong heard = new AtomicLong();
    for (int i = 1; i < clients; i++) {
      others.add(listen(url, instrument((i - 1) % instruments), heard, i == 1 ? HEARD : null));
    }
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < deaf; i++) {
      silent.add(DeafClient.connect(URI.create(url).getPort()));
    }
    try (Browser browser = new Browser()) {
      browser.open(url + "#inst=" + Tape.BTC);
      browser.await("return document.getElementById('live').dataset.connection", "open");
      // Until the history is there, too.
      LockSupport.parkNanos(SETTLE_NANOS);
      browser.ask(NOTE_PAINTS);
      long begun = System.nanoTime();
      TreeMap<Long, Long> appended = append(vault, instruments, rate, seconds);
      LockSupport.parkNanos(2_000_000_000L);
      report(browser, appended, heard.get(), (System.nanoTime() - begun) / 1e9);
    }
    others.forEach(WebSocket::abort);
    for (Socket each : silent) {
      each.close();
    }
  }

  private static void firstPaints(String url) {
    List<Long> paints = new ArrayList<>();
    List<Long> figures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      try (Browser browser = new Browser()) {
        browser.open(url + "#inst=" + Tape.BTC);
        browser.await("return document.getElementById('live').dataset.connection", "open");
        figures.add(((Number) browser.ask("return Math.round(performance.now())")).longValue());
        paints.add(
            ((Number)
                    browser.ask(
                        "return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"))
                .longValue());
      }
    }
    Collections.sort(paints);
    Collections.sort(figures);
    System.out.printf(
        "first paint %s ms, connected at most %s ms after opening%n", paints, figures);
  }

  private static WebSocket listen(
      String url, String instrument, AtomicLong heard, Map<Long, Long> newest) {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(url.replace("http", "ws") + "stream"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(WebSocket of, CharSequence data, boolean last) {
                    heard.addAndGet(last ? 1 : 0);
                    if (newest != null) {
                      note(data, newest);
                    }
                    of.request(1);
                    return null;
                  }
                })
            .join();
    socket.sendText("{\"watch\":\"%s\"}".formatted(instrument), true);
    return socket;
  }

  private static void note(CharSequence message, Map<Long, Long> newest) {
    Matcher last = LAST.matcher(message);
    if (last.find()) {
      newest.putIfAbsent(Long.parseLong(last.group(1)), System.currentTimeMillis());
    }
  }

  /**
   * Appends trades of all instruments at a rate; by id of the first one, when it was in the file.
   */
  private static TreeMap<Long, Long> append(Vault vault, int instruments, int rate, int seconds)
      throws IOException {
    TreeMap<Long, Long> appended = new TreeMap<>();
    Random random = new Random(1);
    long begun = System.nanoTime();
    long first = System.currentTimeMillis() * 10_000;
    long written = 0;
    long ticks = 1_000_000;
    for (long now = begun; now - begun < seconds * 1_000_000_000L; now = System.nanoTime()) {
      long due = (now - begun) * rate / 1_000_000_000L;
      Map<Integer, StringBuilder> lines = new TreeMap<>();
      Instant time = Instant.now();
      long last = -1;
      for (; written < due; written++) {
        int index = (int) (written % instruments);
        ticks = Math.max(900_000, ticks + random.nextInt(21) - 10);
        long id = first + written / instruments;
        Trade trade = trade(index, time, id, ticks, random);
        lines
            .computeIfAbsent(index, key -> new StringBuilder())
            .append(TradeLine.format(trade))
            .append('\n');
        last = index == 0 ? id : last;
      }
      for (Map.Entry<Integer, StringBuilder> each : lines.entrySet()) {
        Path file = vault.file(instrument(each.getKey()), time.toString().substring(0, 10));
        Files.writeString(
            file, each.getValue(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      if (last >= 0) {
        appended.put(last, System.currentTimeMillis());
      }
      LockSupport.parkNanos(SLICE_NANOS);
    }
    System.out.printf("appended %d trades in %d s%n", written, seconds);
    return appended;
  }

  private static void report(
      Browser browser, TreeMap<Long, Long> appended, long heard, double seconds) {
    if (!HEARD.isEmpty()) { // there are other clients
      delays("append to heard", new TreeMap<>(appended), HEARD);
    }
    List<?> paints = (List<?>) browser.ask("return window.paints");
    Map<Long, Long> painted = new TreeMap<>();
    for (Object paint : paints) {
      long id = Long.parseLong((String) ((List<?>) paint).get(0));
      painted.putIfAbsent(id, ((Number) ((List<?>) paint).get(1)).longValue());
    }
    delays("append to painted", appended, painted);
    System.out.printf(
        "%.1f frames a second, %s ms in tasks beyond 50 ms, %d changes heard by the others%n",
        ((Number) browser.ask("return window.frames")).doubleValue() / seconds,
        browser.ask("return Math.round(window.busy)"),
        heard);
    browser.ask("window.paints = []");
    System.out.printf("the page holds %.1f MB%n", browser.heldBytes() / 1e6);
  }

  private static void delays(String what, TreeMap<Long, Long> appended, Map<Long, Long> seen) {
    List<Long> delays = new ArrayList<>();
    seen.forEach(
        (id, at) -> {
          while (!appended.isEmpty() && appended.firstKey() <= id) {
            delays.add(at - appended.pollFirstEntry().getValue());
          }
        });
    Collections.sort(delays);
    System.out.printf(
        "%s, ms: median %d, 99 of 100 within %d, most %d (%d appends, %d left)%n",
        what,
        delays.get(delays.size() / 2),
        delays.get(delays.size() * 99 / 100),
        delays.get(delays.size() - 1),
        delays.size(),
        appended.size());
  }
}
