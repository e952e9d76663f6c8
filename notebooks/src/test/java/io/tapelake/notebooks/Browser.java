package io.tapelake.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** A Chromium without a window: what becomes of a page, and pictures of it to look at. */
final class Browser {

  /**
   * What was measured of a page.
   *
   * @param excess pixels by which it is wider than its window
   * @param smallest letters in pixels, of those that are seen in pictures
   * @param texts all that is written in pictures
   * @param outside texts of pictures that do not lie wholly in them
   * @param overlaps pairs of texts that lie on each other
   * @param panes left and right ends of the panels of each picture that is seen
   */
  record Measured(
      double excess,
      double smallest,
      List<String> texts,
      List<String> outside,
      List<String> overlaps,
      List<List<String>> panes) {}

  private static final String SCRIPT =
      """
      <script>
      addEventListener('load', () => {
        const out = {excess: document.documentElement.scrollWidth - document.documentElement.clientWidth,
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
        const pre = document.createElement('pre');
        pre.id = 'measured';
        pre.textContent = JSON.stringify(out);
        document.body.append(pre);
      });
      </script></body>""";

  private static final Pattern RESULT =
      Pattern.compile("<pre id=\"measured\">(.*?)</pre>", Pattern.DOTALL);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final int SECONDS_AT_MOST = 60;

  private Browser() {}

  /** Opens a page in a window of a width; without a browser the test is skipped. */
  static Measured measure(Path page, int width) throws IOException, InterruptedException {
    Path copy = Files.createTempFile("measured", ".html");
    Path dump = Files.createTempFile("measured", ".dom");
    try {
      Files.writeString(copy, Files.readString(page).replace("</body>", SCRIPT));
      run(dump.toFile(), width, "--dump-dom", copy);
      Matcher result = RESULT.matcher(Files.readString(dump));
      if (!result.find()) {
        throw new AssertionError("no measurement of " + page);
      }
      String json = result.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
      return read(new ObjectMapper().readTree(json));
    } finally {
      Files.delete(copy);
      Files.delete(dump);
    }
  }

  /** A picture beside the page, for whoever wants to look. */
  static void picture(Path page, String name, int width, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--screenshot=" + page.resolveSibling(name + ".png").toAbsolutePath());
    run(new File("/dev/null"), width, String.join(" ", all), page);
  }

  /** The page as it is printed. */
  static Path print(Path page) throws IOException, InterruptedException {
    Path pdf = page.resolveSibling(page.getFileName() + ".pdf").toAbsolutePath();
    run(new File("/dev/null"), 1_000, "--no-pdf-header-footer --print-to-pdf=" + pdf, page);
    return pdf;
  }

  private static Measured read(JsonNode json) {
    List<List<String>> panes = new ArrayList<>();
    json.get("panes").forEach(each -> panes.add(texts(each)));
    return new Measured(
        json.get("excess").asDouble(),
        json.get("smallest").asDouble(),
        texts(json.get("texts")),
        texts(json.get("outside")),
        texts(json.get("overlaps")),
        panes);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static void run(File output, int width, String options, Path page)
      throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("browser");
    List<String> words = new ArrayList<>(List.of(program(), "--headless", "--no-sandbox"));
    words.addAll(List.of("--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + profile));
    words.add("--window-size=" + width + ",1600");
    words.addAll(List.of(options.split(" ", -1)));
    words.add(page.toAbsolutePath().toUri().toString());
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(output)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(SECONDS_AT_MOST, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(words + " did not end well");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String program() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      for (String name : NAMES) {
        if (Files.isExecutable(Path.of(folder, name))) {
          return Path.of(folder, name).toString();
        }
      }
    }
    String message = "SKIPPED: no Chromium on the PATH; './tapelake test' tells how to get it";
    System.err.println(message);
    return Assumptions.abort(message);
  }
}
