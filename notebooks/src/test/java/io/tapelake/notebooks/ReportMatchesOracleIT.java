package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.oracle.MadeVault;
import io.tapelake.jobs.oracle.OracleReport;
import io.tapelake.jobs.oracle.Seeds;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every figure that is read on a report of a random vault is what its single trades come to. */
final class ReportMatchesOracleIT {

  private static final String NONE = "–";
  private static final BigDecimal TRILLION = new BigDecimal("1e12");

  /** How exact a statistic is, and what is left of an amount that is shown to six digits. */
  private static final BigDecimal STATISTIC = new BigDecimal("1e-12");

  private static final BigDecimal SIX_DIGITS = new BigDecimal("1e-6");
  private static final BigDecimal LAST_DIGIT = new BigDecimal("1e-18");

  private static final Pattern FIGURE =
      Pattern.compile(
          "data-field=\"(\\w+)\"(?: data-exact=\"([^\"]*)\")?(?: class=\"(\\w+)\")?>([^<]*)</(?:dd|span)>");
  private static final Pattern CELL = Pattern.compile("<t[hd](?: [^>]*)?>([^<]*)</t[hd]>");
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  /** The columns of the tables of several days. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("Open", "open"),
          Map.entry("High", "high"),
          Map.entry("Low", "low"),
          Map.entry("Close", "close"),
          Map.entry("Change", "change_percent"),
          Map.entry("VWAP", "vwap"),
          Map.entry("σ", "sigma"),
          Map.entry("Close − VWAP", "deviation_bps"),
          Map.entry("POC", "poc"),
          Map.entry("VAH", "vah"),
          Map.entry("VAL", "val"),
          Map.entry("Volume", "volume"),
          Map.entry("Turnover", "notional"),
          Map.entry("CVD", "cvd"),
          Map.entry("Trades", "trades"),
          Map.entry("Missing ids", "missing"));

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> reportsOfARandomVault() {
    return Seeds.each(1, ReportMatchesOracleIT::checkReports);
  }

  private static void checkReports(long seed) throws IOException {
    MadeVault vault = MadeVault.of(folder.resolve("reported-" + seed), seed + 5_000);
    Map<LocalDate, List<OracleReport>> days =
        vault.reports().stream()
            .collect(Collectors.groupingBy(OracleReport::day, TreeMap::new, Collectors.toList()));
    List<LocalDate> all = List.copyOf(days.keySet());
    LocalDate day = all.get(new Random(seed).nextInt(all.size()));
    String page = report(vault, "--day", "" + day);
    for (OracleReport each : days.get(day)) {
      checkDay(section(page, each.instrument()), each);
    }
    checkOverview(page, vault.reports(), day, day);
    LocalDate from = all.get(0);
    LocalDate to = from.plusDays(30);
    String pages = report(vault, "--from", "" + from, "--to", "" + to);
    checkOverview(pages, vault.reports(), from, to);
    within(vault.reports(), from, to)
        .forEach((instrument, reports) -> checkDays(section(pages, instrument), reports));
  }

  private static String report(MadeVault vault, String... days) throws IOException {
    Path page = folder.resolve("page.html");
    List<String> words =
        new ArrayList<>(List.of("report", "--vault", "" + vault.root(), "--output", "" + page));
    words.addAll(List.of(days));
    assertThat(Notebooks.execute(words.toArray(String[]::new))).isZero();
    return Files.readString(page);
  }

  private static Map<String, List<OracleReport>> within(
      List<OracleReport> reports, LocalDate from, LocalDate to) {
    return reports.stream()
        .filter(each -> !each.day().isBefore(from) && !each.day().isAfter(to))
        .collect(
            Collectors.groupingBy(OracleReport::instrument, TreeMap::new, Collectors.toList()));
  }

  private static String section(String page, String instrument) {
    String section = page.substring(page.indexOf("<section data-inst=\"" + instrument + "\""));
    return section.substring(0, section.indexOf("</section>"));
  }

  private static void checkDay(String section, OracleReport right) {
    Map<String, MatchResult> found = new LinkedHashMap<>();
    FIGURE.matcher(section).results().forEach(each -> found.put(each.group(1), each));
    right
        .figures()
        .forEach(
            (field, value) -> {
              if (field.equals("largest_price") || field.equals("largest_volume")) {
                return;
              }
              String where = where(right, field);
              if (field.equals("change_percent")) {
                String text = found.get("change").group(4);
                checkShown(where, field, text.replaceFirst(".*\\((.*)\\)", "$1"), right);
                return;
              }
              assertThat(found).as(where).containsKey(field);
              checkExact(where, field, found.get(field).group(2), value);
              String text = found.get(field).group(4);
              if (field.equals("largest")) {
                checkLargest(where, text, right);
              } else {
                checkShown(where, field, text.replaceFirst(" \\(.*", ""), right);
              }
              checkDirection(where, field, found.get(field).group(3), value);
            });
    assertThat(section)
        .as(where(right, "certificate"))
        .contains(
            right.isCertified() == null
                ? "no certificate"
                : "certificate: " + (right.isCertified() ? "complete" : "incomplete"));
  }

  private static String where(OracleReport report, String field) {
    return report.instrument() + " on " + report.day() + ", " + field;
  }

  private static void checkExact(String where, String field, String exact, BigDecimal value) {
    if (value == null) {
      assertThat(exact).as(where).isNull();
    } else if (field.equals("sigma") || field.equals("deviation_bps")) {
      checkAbout(where, new BigDecimal(exact), value);
    } else {
      assertThat(exact).as(where).isEqualTo(plain(value));
    }
  }

  private static void checkAbout(String where, BigDecimal number, BigDecimal value) {
    assertThat(number.subtract(value).abs())
        .as("%s: %s instead of %s", where, number, value)
        .isLessThanOrEqualTo(value.abs().multiply(STATISTIC));
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static void checkDirection(
      String where, String field, String direction, BigDecimal value) {
    boolean hasOne = field.matches("change|deviation_bps|cvd") && value.signum() != 0;
    assertThat(direction).as(where).isEqualTo(hasOne ? value.signum() > 0 ? "rise" : "fall" : null);
  }

  private static void checkLargest(String where, String text, OracleReport right) {
    if (right.figures().get("largest") == null) { // more than the table has room for
      assertThat(text).as(where).isEqualTo(NONE);
      return;
    }
    Matcher parts =
        Pattern.compile("(buy|sell) (\\S+(?:\u00a0T)?) (\\S*) at (\\S+(?:\u00a0T)?), ([0-9:]{8})")
            .matcher(text);
    assertThat(parts.matches()).as(where + ": " + text).isTrue();
    assertThat(parts.group(1)).as(where).isEqualTo(right.largestSide());
    checkShown(where, "largest_volume", parts.group(2), right);
    checkShown(where, "largest_price", parts.group(4), right);
    assertThat(parts.group(5)).as(where).isEqualTo(SECOND.format(right.largestTime()));
  }

  /** A number that is read is the right one, rounded to the digits that it has, which suffice. */
  private static void checkShown(String where, String field, String text, OracleReport right) {
    BigDecimal value = right.figures().get(field);
    if (value == null) {
      assertThat(text).as(where).isEqualTo(NONE);
      return;
    }
    BigDecimal shown = number(text);
    BigDecimal unit = BigDecimal.ONE.movePointLeft(shown.scale());
    String said = "%s: %s for %s".formatted(where, text, value.toPlainString());
    if (field.equals("sigma")) { // a double, which may lie on the other side of a half
      assertThat(shown.subtract(value).abs())
          .as(said)
          .isLessThanOrEqualTo(unit.multiply(new BigDecimal("0.5")).add(value.multiply(STATISTIC)));
    } else {
      assertThat(shown).as(said).isEqualTo(value.setScale(shown.scale(), RoundingMode.HALF_EVEN));
    }
    switch (field) {
      case "change_percent" -> checkUnit(said, text, unit, value, "0.01", "%");
      case "deviation_bps" -> checkUnit(said, text, unit, value, "0.1", "bps");
      case "vwap", "vwap_base", "sigma" -> {
        BigDecimal price = right.figures().get("close");
        BigDecimal places = price.stripTrailingZeros();
        BigDecimal enough = BigDecimal.ONE.movePointLeft(Math.max(0, places.scale()) + 2);
        assertThat(unit).as(said).isLessThanOrEqualTo(least(value, enough));
      }
      case "volume", "notional", "cvd", "largest_volume" ->
          assertThat(shown.subtract(value).abs())
              .as(said)
              .isLessThanOrEqualTo(value.abs().multiply(SIX_DIGITS).max(least(value, LAST_DIGIT)));
      default -> {
        if (value.abs().compareTo(TRILLION) < 0) {
          assertThat(shown).as(said).isEqualByComparingTo(value);
        }
      }
    }
    if (field.matches("change.*|deviation_bps|cvd")) {
      assertThat(text.matches("(▲\u00a0)?[+].*")).as(said).isEqualTo(value.signum() > 0);
      assertThat(text.matches("(▼\u00a0)?−.*")).as(said).isEqualTo(value.signum() < 0);
    }
  }

  private static void checkUnit(
      String said, String text, BigDecimal unit, BigDecimal value, String places, String name) {
    assertThat(unit).as(said).isEqualByComparingTo(least(value, new BigDecimal(places)));
    assertThat(text).as(said).endsWith("\u00a0" + name);
  }

  /** The digit down to which a number is shown: from 10^12 on in units of these. */
  private static BigDecimal least(BigDecimal value, BigDecimal usual) {
    return value.abs().compareTo(TRILLION) < 0 ? usual : TRILLION.movePointLeft(3);
  }

  /** As a reader takes it: with a sign, in groups, perhaps in units of 10^12. */
  private static BigDecimal number(String text) {
    Matcher parts =
        Pattern.compile("(?:[▲▼]\u00a0)?([+−]?)([0-9,]+(?:[.][0-9]+)?)(\u00a0T)?(?:[ \u00a0].*)?")
            .matcher(text);
    assertThat(parts.matches()).as("a number: '%s'", text).isTrue();
    BigDecimal number = new BigDecimal(parts.group(2).replace(",", ""));
    number = parts.group(1).equals("−") ? number.negate() : number;
    return parts.group(3) == null
        ? number
        : new BigDecimal(number.unscaledValue(), number.scale() - 12);
  }

  private static void checkDays(String section, List<OracleReport> reports) {
    Map<String, Map<String, String>> found = new TreeMap<>();
    for (String table : section.split("<table class=\"days\">")) {
      List<List<String>> rows = rows(table);
      for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
        for (int i = 1; i < row.size(); i++) {
          found
              .computeIfAbsent(row.get(0), day -> new LinkedHashMap<>())
              .put(COLUMNS.get(rows.get(0).get(i)), row.get(i));
        }
      }
    }
    assertThat(found.keySet())
        .containsExactlyElementsOf(reports.stream().map(each -> "" + each.day()).toList());
    for (OracleReport right : reports) {
      Map<String, String> row = found.get("" + right.day());
      assertThat(row.keySet()).containsExactlyInAnyOrderElementsOf(COLUMNS.values());
      row.forEach((field, text) -> checkShown(where(right, field), field, text, right));
    }
    assertThat(section)
        .contains(
            "data-field=\"refused\" data-exact=\"%s\"".formatted(plain(sum(reports, "refused"))))
        .contains("Trades on %d days, ".formatted(reports.size()));
    long certified = reports.stream().filter(each -> each.isCertified() != null).count();
    long complete = reports.stream().filter(each -> Boolean.TRUE == each.isCertified()).count();
    assertThat(section)
        .contains(
            certified == 0
                ? "no certificate"
                : "certificates: %d of %d days complete".formatted(complete, reports.size()));
  }

  private static List<List<String>> rows(String table) {
    List<List<String>> rows = new ArrayList<>();
    for (String row : table.split("</table>")[0].split("</tr>")) {
      List<String> cells = CELL.matcher(row).results().map(cell -> cell.group(1)).toList();
      if (!cells.isEmpty()) {
        rows.add(cells);
      }
    }
    return rows;
  }

  private static BigDecimal sum(List<OracleReport> reports, String field) {
    return reports.stream()
        .map(each -> each.figures().get(field))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** One row an instrument: from the first open to the last close, sums, and the last VWAP. */
  private static void checkOverview(
      String page, List<OracleReport> all, LocalDate from, LocalDate to) {
    Map<String, List<OracleReport>> right = within(all, from, to);
    Map<String, List<String>> found = new TreeMap<>();
    int table = page.indexOf("<table class=\"overview\">");
    if (table < 0) { // of one instrument
      assertThat(page.split("<section ")).hasSize(2);
      return;
    }
    rows(page.substring(table, page.indexOf("</table>", table)))
        .forEach(row -> found.put(row.get(0), row.subList(1, row.size())));
    List<String> columns =
        List.of("close", "change_percent", "notional", "vwap", "deviation_bps", "trades");
    right.forEach(
        (instrument, reports) -> {
          OracleReport last = reports.get(reports.size() - 1);
          BigDecimal open = reports.get(0).figures().get("open");
          BigDecimal close = last.figures().get("close");
          Map<String, BigDecimal> figures = new TreeMap<>(withoutNulls(last.figures()));
          figures.put(
              "change_percent",
              close
                  .subtract(open)
                  .movePointRight(2)
                  .divide(open, new MathContext(50, RoundingMode.HALF_EVEN)));
          figures.put("notional", sum(reports, "notional"));
          figures.put("trades", sum(reports, "trades"));
          OracleReport summed = new OracleReport(instrument, to, figures, null, null, null);
          for (int i = 0; i < columns.size(); i++) {
            checkShown(
                where(summed, "overview, " + columns.get(i)),
                columns.get(i),
                found.get(instrument).get(i),
                summed);
          }
        });
    found.keySet().removeAll(right.keySet());
    found.remove("Instrument");
    found.values().forEach(row -> assertThat(row).containsExactly("no trades"));
  }

  private static Map<String, BigDecimal> withoutNulls(Map<String, BigDecimal> figures) {
    return figures.entrySet().stream()
        .filter(each -> each.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
