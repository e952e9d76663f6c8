package io.tapelake.notebooks;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Charts, one below the other, as a file's bytes. */
final class Pictures {

  /** Pixels of the picture for one of the chart: sharp also on fine screens. */
  static final int SCALE = 2;

  private static final String SVG = "http://www.w3.org/2000/svg";

  private Pictures() {}

  static byte[] png(List<Chart<?, ?>> charts) throws IOException {
    BufferedImage image =
        new BufferedImage(
            width(charts) * SCALE, height(charts) * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.scale(SCALE, SCALE);
    paint(charts, graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /**
   * An SVG element.
   *
   * @param name begins the ids in it, so that several can stand in one page
   */
  static String svg(List<Chart<?, ?>> charts, String name) throws IOException {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setComment(null);
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return name + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    paint(charts, graphics);
    Element root = graphics.getRoot();
    root.setAttribute("viewBox", "0 0 %d %d".formatted(width(charts), height(charts)));
    root.setAttribute("class", "chart");
    StringWriter out = new StringWriter();
    graphics.stream(root, out, true, false);
    String text = out.toString();
    return text.substring(text.indexOf("<svg"));
  }

  static int width(List<Chart<?, ?>> charts) {
    return charts.stream().mapToInt(Chart::getWidth).max().orElseThrow();
  }

  static int height(List<Chart<?, ?>> charts) {
    return charts.stream().mapToInt(Chart::getHeight).sum();
  }

  private static void paint(List<Chart<?, ?>> charts, Graphics2D graphics) {
    AffineTransform origin = graphics.getTransform();
    int y = 0;
    for (Chart<?, ?> chart : charts) {
      graphics.setTransform(origin);
      graphics.translate(0, y);
      graphics.setClip(0, 0, chart.getWidth(), chart.getHeight());
      chart.paint(graphics, chart.getWidth(), chart.getHeight());
      y += chart.getHeight();
    }
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e); // the JDK's own always makes plain documents
    }
  }
}
