package io.tapelake.live.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page's files, read once from this program's own jar. Nothing else of it can be asked for. */
final class Pages {

  /** A file, with its media type. */
  record Page(String type, byte[] body) {}

  private static final String OWN = "/io/tapelake/live/page/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  private final Map<String, Page> pages = new LinkedHashMap<>();

  Pages() {
    pages.put("/", page("text/html; charset=utf-8", OWN + "index.html"));
    for (String script : new String[] {"app", "view", "charts", "feed", "format"}) {
      pages.put("/" + script + ".js", page(SCRIPT, OWN + script + ".js"));
    }
    pages.put("/page.css", page(STYLE, OWN + "page.css"));
    pages.put("/icon.svg", page("image/svg+xml", OWN + "icon.svg"));
    pages.put("/uPlot.js", page(SCRIPT, CHARTS + "uPlot.iife.min.js"));
    pages.put("/uPlot.css", page(STYLE, CHARTS + "uPlot.min.css"));
  }

  /** The file at a path, or null. */
  Page at(String path) {
    return pages.get(path);
  }

  private static Page page(String type, String resource) {
    try (InputStream in = Pages.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing in this program's jar");
      }
      return new Page(type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
