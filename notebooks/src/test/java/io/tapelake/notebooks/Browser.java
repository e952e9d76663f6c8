package io.tapelake.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A Chromium without a window, led by the distribution's chromedriver: what becomes of a page, and
 * pictures of it to look at. One serves all pages of a test.
 */
final class Browser implements AutoCloseable {

  /**
   * What was measured of a page.
   *
   * @param width of its window
   * @param excess pixels by which it is wider than its window
   * @param smallest letters in pixels, of those that are seen in pictures
   * @param texts all that is written in pictures
   * @param outside texts of pictures that do not lie wholly in them
   * @param overlaps pairs of texts that lie on each other
   * @param panes left and right ends of the panels of each picture that is seen
   */
  record Measured(
      int width,
      double excess,
      double smallest,
      List<String> texts,
      List<String> outside,
      List<String> overlaps,
      List<List<String>> panes) {}

  private static final String MEASURE =
      """
      const out = {width: innerWidth,
                   excess: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                   smallest: 999, texts: [], outside: [], overlaps: [], panes: []};
      for (const svg of document.querySelectorAll('svg.tl')) {
        const frame = svg.getBoundingClientRect();
        if (frame.width === 0) continue;
        const scale = frame.width / svg.viewBox.baseVal.width, seen = [];
        for (const text of svg.querySelectorAll('text')) {
          const box = text.getBoundingClientRect();
          out.texts.push(text.textContent);
          out.smallest = Math.min(out.smallest, parseFloat(getComputedStyle(text).fontSize) * scale);
          if (box.left < frame.left - .5 || box.right > frame.right + .5 || box.top < frame.top - .5 || box.bottom > frame.bottom + .5)
            out.outside.push(text.textContent);
          for (const [other, words] of seen)
            if (box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 4 && other.top < box.bottom - 4)
              out.overlaps.push(words + ' / ' + text.textContent);
          seen.push([box, text.textContent]);
        }
        out.panes.push([...svg.querySelectorAll('g[data-pane] path.grid')].map(grid => {
          const box = grid.getBoundingClientRect();
          return box.left.toFixed(2) + ' ' + box.right.toFixed(2);
        }));
      }
      return out;
      """;

  private static final String CUT =
      """
      return [...document.querySelectorAll('body *')]
        .filter(each => each.scrollWidth > each.clientWidth + 1 && /auto|scroll|hidden/.test(getComputedStyle(each).overflowX))
        .map(each => each.textContent.slice(0, 60));
      """;

  /** A4 without margins of 12 mm, in pixels. */
  private static final int SHEET_WIDTH = 703;

  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;
  private String open;

  /** Starts one; where there is none the test is skipped. */
  Browser() throws IOException, InterruptedException {
    String browser = program("chromium");
    driver =
        new ProcessBuilder(program("chromedriver"), "--port=0").redirectErrorStream(true).start();
    BufferedReader said = driver.inputReader();
    Matcher started = STARTED.matcher("");
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (started.reset(line).find()) {
        break;
      }
    }
    List<String> flags =
        List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    Map<String, Object> options = Map.of("binary", browser, "args", flags);
    JsonNode begun =
        post(
            URI.create("http://127.0.0.1:" + started.group(1) + "/session"),
            Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
    session =
        "http://127.0.0.1:" + started.group(1) + "/session/" + begun.required("sessionId").asText();
  }

  /** Looks at a page in a window of a width, and leaves pictures of it beside the page. */
  Measured measure(Path page, int width) throws IOException, InterruptedException {
    String address = page.toAbsolutePath().toUri().toString();
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    if (!address.equals(open)) {
      open(address);
      Map<String, Object> sheet =
          Map.of("paperWidth", 8.27, "paperHeight", 11.69, "preferCSSPageSize", true);
      write(command("Page.printToPDF", sheet), beside(page, "print.pdf"));
      picture(page, "dark", width);
    }
    picture(page, "light", width);
    return JSON.treeToValue(run(MEASURE), Measured.class);
  }

  /** Opens what is served at an address. */
  void open(String address) throws IOException, InterruptedException {
    ask("/url", Map.of("url", address));
    open = address;
  }

  /** What a script gives in the page that is open. */
  JsonNode run(String script) throws IOException, InterruptedException {
    return ask("/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** What is cut off on an A4 sheet of the page that was looked at last. */
  List<String> cutInPrint() throws IOException, InterruptedException {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", SHEET_WIDTH, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    JsonNode cut = run(CUT);
    command("Emulation.setEmulatedMedia", Map.of("media", ""));
    return List.of(JSON.treeToValue(cut, String[].class));
  }

  private void picture(Path page, String scheme, int width)
      throws IOException, InterruptedException {
    Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    command("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    JsonNode picture = command("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
    write(picture, beside(page, scheme + "-" + width + ".png"));
  }

  private static Path beside(Path page, String end) {
    return page.resolveSibling(page.getFileName().toString().replace(".html", "-" + end));
  }

  private static void write(JsonNode answer, Path file) throws IOException {
    Files.write(file, Base64.getDecoder().decode(answer.required("data").asText()));
  }

  private JsonNode command(String name, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    return ask("/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
  }

  private JsonNode ask(String path, Map<String, Object> body)
      throws IOException, InterruptedException {
    return post(URI.create(session + path), body);
  }

  private JsonNode post(URI address, Map<String, Object> body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(address + ": " + answer.body());
    }
    return JSON.readTree(answer.body()).required("value");
  }

  /** Ends it, and the browser with it. */
  @Override
  public void close() throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(session)).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());
    driver.destroy();
    driver.waitFor();
  }

  private static String program(String name) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, name))) {
        return Path.of(folder, name).toString();
      }
    }
    String message = "SKIPPED: no " + name + " on the PATH; './tapelake test' tells how to get it";
    System.err.println(message);
    return Assumptions.abort(message);
  }
}
