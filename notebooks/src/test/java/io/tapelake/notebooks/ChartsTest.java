package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.jobs.sql.SqlError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.internal.chartpart.Chart;
import org.xml.sax.InputSource;

/** Charts are drawn with what was asked for; target/charts has the pictures to look at. */
final class ChartsTest {

  private static final int MINUTES = 600;
  private static final StructType COLUMNS =
      StructType.fromDDL(
          "inst_id string, minute timestamp, open decimal(38,18), high decimal(38,18),"
              + " low decimal(38,18), close decimal(38,18), vwap double, upper double, lower double,"
              + " signal double");

  @Test
  void linesBandsAndPointsInAPanelForEachValue() throws IOException {
    List<Chart<?, ?>> charts =
        draw(
            "line x=minute y=close,vwap band=upper,lower points=signal by=inst_id title=\"a price\"",
            "lines");
    assertThat(charts).hasSize(2);
    assertThat(charts.get(0).getTitle()).isEqualTo("BTC: a price");
    assertThat(charts.get(0).getSeriesMap())
        .containsOnlyKeys("close", "vwap", "upper", "lower", "signal");
  }

  @Test
  void barsBesideAndUponEachOther() throws IOException {
    assertThat(draw("bar x=minute y=close by=inst_id", "bars")).hasSize(2);
    draw("bar x=minute y=vwap,close stacked=true series=inst_id", "stacked");
  }

  @Test
  void candlesWithLines() throws IOException {
    List<Chart<?, ?>> charts =
        draw("candlestick x=minute line=vwap band=upper,lower by=inst_id", "candles");
    assertThat(charts.get(1).getSeriesMap()).containsOnlyKeys("price", "vwap", "upper", "lower");
  }

  @Test
  void vectorsAreXmlWithIdsOfTheirOwn() throws Exception {
    String svg = Pictures.svg(charts("line x=minute y=close by=inst_id"), "c7");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
    assertThat(svg)
        .startsWith("<svg")
        .contains("viewBox=\"0 0 960 720\"")
        .doesNotContain("id=\"clip");
  }

  @Test
  void whatDoesNotFitIsSaid() {
    assertThatThrownBy(() -> charts("line x=minute y=vwap_2h"))
        .isInstanceOf(SqlError.class)
        .hasMessageContaining("'vwap_2h'")
        .hasMessageContaining("close");
    assertThatThrownBy(() -> charts("pie x=minute")).hasMessageContaining("'pie'");
    assertThatThrownBy(() -> charts("line colour=red")).hasMessageContaining("'colour'");
    assertThatThrownBy(() -> charts("line y=inst_id x=minute")).hasMessageContaining("numbers");
    assertThatThrownBy(() -> charts("line title=two words")).hasMessageContaining("'words'");
  }

  /** Draws, keeps the picture, and sees that something is on it. */
  private static List<Chart<?, ?>> draw(String spec, String name) throws IOException {
    List<Chart<?, ?>> charts = charts(spec);
    byte[] png = Pictures.png(charts);
    Path folder = Files.createDirectories(Path.of("target", "charts"));
    Files.write(folder.resolve(name + ".png"), png);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(960 * Pictures.SCALE);
    assertThat(image.getHeight()).isEqualTo(360 * Pictures.SCALE * charts.size());
    int colors = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colors += image.getRGB(x, y) == ChartStyle.color(0).getRGB() ? 1 : 0;
      }
    }
    assertThat(colors).as("pixels in the first colour").isGreaterThan(100);
    return charts;
  }

  private static List<Chart<?, ?>> charts(String spec) {
    return Charts.draw(ChartSpec.parse(spec, 1), ChartData.of(rows(), 1), 1);
  }

  private static ResultTable rows() {
    List<Row> rows = new ArrayList<>();
    for (String instrument : List.of("BTC", "PEPE")) {
      double scale = instrument.equals("BTC") ? 100_000 : 0.00001234;
      Random random = new Random(7);
      double price = 1;
      double mean = 1;
      for (int i = 0; i < MINUTES; i++) {
        double open = price;
        price *= 1 + random.nextGaussian() / 800;
        mean += (price - mean) / 60;
        double high = Math.max(open, price) * (1 + random.nextDouble() / 1500);
        double low = Math.min(open, price) * (1 - random.nextDouble() / 1500);
        boolean isHole = i > 200 && i < 230;
        rows.add(
            RowFactory.create(
                instrument,
                Instant.parse("2026-01-02T18:00:00Z").plusSeconds(60L * i),
                decimal(open * scale),
                decimal(high * scale),
                decimal(low * scale),
                isHole ? null : decimal(price * scale),
                mean * scale,
                mean * scale * 1.004,
                mean * scale * 0.996,
                Math.abs(price / mean - 1) > 0.004 ? (Double) (price * scale) : null));
      }
    }
    return new ResultTable(COLUMNS, rows, false);
  }

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value);
  }
}
