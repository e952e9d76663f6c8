package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.jobs.sql.SqlError;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Charts are drawn with what was asked for; target/charts has the pictures to look at. */
final class ChartsTest {

  private static final int MINUTES = 600;
  private static final StructType COLUMNS =
      StructType.fromDDL(
          "inst_id string, minute timestamp, open decimal(38,18), high decimal(38,18), low"
              + " decimal(38,18), close decimal(38,18), vwap double, upper double, lower double,"
              + " signal double");

  @Test
  void linesBandsAndPointsInAPanelForEachValue() throws Exception {
    Element picture =
        draw(
            "line x=minute y=close,vwap band=upper,lower points=signal by=inst_id title=\"a"
                + " price\"",
            "lines");
    assertThat(texts(picture))
        .contains(
            "BTC: a price", "PEPE: a price", "close", "vwap", "upper", "signal", "20:00", "3 Jan");
    assertThat(kinds(picture, "line")).isEqualTo(4);
    assertThat(kinds(picture, "edge")).isEqualTo(2 * 2 * 2); // lines and their legend
    assertThat(kinds(picture, "dots")).isEqualTo(2 * 2);
  }

  @Test
  void panelsOfAPictureHaveAxesOfNiceNumbers() throws Exception {
    Element picture = draw("line x=minute y=vwap by=inst_id", "axes");
    assertThat(texts(picture)).contains("100,000").contains("0.0000125");
    NodeList panes = picture.getElementsByTagName("g");
    assertThat(((Element) panes.item(0)).getAttribute("data-left"))
        .as("numbers of different lengths, one left end")
        .isEqualTo(((Element) panes.item(1)).getAttribute("data-left"));
  }

  @Test
  void valuesThatDoublesHardlyTellApartHaveAFewNumbersAtTheirAxisToo() {
    double[][] ranges = {
      {1e18, 1_000_000_000_000_000_128.0},
      {999_999_999_999.0001, 999_999_999_999.0002},
      {-1e300, Math.nextUp(-1e300)},
      {Double.MIN_VALUE, 2 * Double.MIN_VALUE}
    };
    for (double[] range : ranges) {
      Scale scale = Scale.of(0, 400, 0.04, range);
      assertThat(Ticks.numbers(scale, 7).ticks())
          .as("%s to %s", range[0], range[1])
          .hasSizeBetween(2, 20)
          .doesNotHaveDuplicates();
      assertThat(scale.at(range[0])).isBetween(0.0, 400.0);
    }
  }

  @Test
  void anAxisOfSomeHoursNamesTheirDay() {
    double start = Instant.parse("2026-01-02T14:00:00Z").toEpochMilli();
    assertThat(Ticks.times(new Scale(start, start + 4 * 3_600_000, 0, 400), 5).ticks())
        .extracting(Ticks.Tick::label)
        .startsWith("2 Jan 14:00", "15:00");
  }

  @Test
  void barsBesideAndUponEachOther() throws Exception {
    assertThat(kinds(draw("bar x=minute y=close by=inst_id", "bars"), "bars")).isEqualTo(2);
    assertThat(
            kinds(draw("bar x=minute y=vwap,close stacked=true series=inst_id", "stacked"), "bars"))
        .isEqualTo(4);
  }

  @Test
  void barsAreSeenHoweverNearToEachOtherTwoOfThemStand() {
    List<Row> fills =
        Stream.of(0, 1, 36_000)
            .map(second -> RowFactory.create(Instant.EPOCH.plusSeconds(second), 1.0))
            .toList();
    ResultTable table =
        new ResultTable(StructType.fromDDL("minute timestamp, bps double"), fills, false);
    for (String spec : List.of("bar y=bps", "bar y=bps stacked=true")) {
      String svg = Charts.draw(ChartSpec.parse(spec, 1), ChartData.of(table, 1), 1);
      Matcher bar = Pattern.compile("M([0-9.]+) [0-9.]+H([0-9.]+)V").matcher(svg);
      assertThat(bar.results())
          .hasSize(2 * 3) // for a desk and for a phone
          .allSatisfy(
              each ->
                  assertThat(Double.parseDouble(each.group(2)) - Double.parseDouble(each.group(1)))
                      .isGreaterThanOrEqualTo(0.9));
    }
  }

  @Test
  void candlesAreHollowAndFull() throws Exception {
    Element picture = draw("candlestick x=minute line=vwap band=upper,lower by=inst_id", "candles");
    assertThat(kinds(picture, "up")).isEqualTo(2);
    assertThat(kinds(picture, "down")).isEqualTo(2);
  }

  @Test
  void linesEndWhereThereAreNoDataAndASessionEndsAtMidnight() {
    ResultTable session =
        new ResultTable(
            StructType.fromDDL("minute timestamp, vwap_session double, close double"),
            rows().rows().stream()
                .limit(MINUTES)
                .map(
                    row ->
                        RowFactory.create(
                            row.get(1), row.get(6), row.isNullAt(5) ? null : row.get(6)))
                .toList(),
            false);
    assertThat(moves(session, "vwap_session")).as("two days").isEqualTo(2);
    assertThat(moves(session, "close")).as("before and behind a hole").isEqualTo(2);
  }

  private static long moves(ResultTable table, String column) {
    String svg = Charts.draw(ChartSpec.parse("line y=" + column, 1), ChartData.of(table, 1), 1);
    String path = svg.substring(svg.indexOf("class=\"line\""));
    path = path.substring(path.indexOf(" d=\"M"), path.indexOf("/>"));
    return path.chars().filter(c -> c == 'M').count();
  }

  @Test
  void oneRowIsAPicture() {
    ResultTable one = new ResultTable(COLUMNS, rows().rows().subList(0, 1), false);
    for (String spec :
        List.of("line x=minute", "bar x=minute", "candlestick x=minute", "bar x=inst_id y=vwap")) {
      assertThat(Charts.draw(ChartSpec.parse(spec, 1), ChartData.of(one, 1), 1))
          .as(spec)
          .doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void ofManyPanelsTheFirstAreDrawnAndThatIsSaid() {
    ResultTable many =
        new ResultTable(
            StructType.fromDDL("inst_id string, minute int, vwap double"),
            IntStream.rangeClosed(1, 15).mapToObj(i -> RowFactory.create("I" + i, 0, 1.0)).toList(),
            false);
    ChartSpec spec = ChartSpec.parse("line x=minute y=vwap by=inst_id", 1);
    assertThat(Charts.draw(spec, ChartData.of(many, 1), 1))
        .contains(">I1<", ">I12<", "12 of 15: filter for others")
        .doesNotContain(">I13<");
    assertThat(charts("line x=minute y=vwap by=inst_id")).doesNotContain("filter for others");
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

  /** Draws, and keeps the picture. */
  private static Element draw(String spec, String name) throws Exception {
    String html = charts(spec);
    assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
    Files.writeString(
        Files.createDirectories(Path.of("target", "charts")).resolve(name + ".html"), html);
    Element all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader("<div>" + html + "</div>")))
            .getDocumentElement();
    NodeList parts = all.getElementsByTagName("div");
    for (int i = parts.getLength() - 1; i >= 0; i--) {
      if (((Element) parts.item(i)).getAttribute("class").equals("tl-phone")) {
        all.removeChild(parts.item(i));
      }
    }
    return all;
  }

  private static List<String> texts(Element picture) {
    NodeList texts = picture.getElementsByTagName("text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  private static long kinds(Element picture, String kind) {
    NodeList paths = picture.getElementsByTagName("path");
    return IntStream.range(0, paths.getLength())
        .filter(i -> ((Element) paths.item(i)).getAttribute("class").equals(kind))
        .filter(i -> !((Element) paths.item(i)).getAttribute("style").contains("stroke-width:4"))
        .count();
  }

  private static String charts(String spec) {
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
