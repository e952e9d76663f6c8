package io.tapelake.jobs.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.TradeStamp;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CursorJsonTest {

  private static final LocalDate DAY = LocalDate.of(2025, 12, 14);
  private static final Instant AS_OF = Instant.parse("2025-12-14T21:36:10.123456789Z");
  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("4h,15m,1h"),
          Duration.ofMillis(10_500),
          new BigDecimal("0.0125"),
          false);

  @Test
  void nothingIsLostOnTheWay() {
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>();
    files.put(DAY, file(stamp("2025-12-14T21:34:56.123Z", 1234567890)));
    files.put(
        DAY.minusDays(1),
        new FileCursor(
            7, 7, FileCursor.NONE_OPEN, -1, -2, 3, 2, 1, 0, null, null, -1, 5_000_000_000L, false));
    files.put(
        DAY.minusDays(2),
        new FileCursor(9, 0, FileCursor.NONE_OPEN, 0, 5, 2000, 900, 0, 0, null, null, -1, 0, true));
    InstrumentCursor cursor = cursor(files);
    byte[] json = CursorJson.encode(cursor);
    assertThat(CursorJson.decode(json, cursor.asOf())).isEqualTo(cursor);
    assertThat(CursorJson.encode(CursorJson.decode(json, cursor.asOf()))).isEqualTo(json);
  }

  @Test
  void ofASettledFileStandsOnlyWhatDoesNotFollowFromTheRest() {
    TradeStamp newest = stamp("2025-12-14T23:59:56.123Z", 1234567890);
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>();
    files.put(
        DAY,
        new FileCursor(
            9, 9, FileCursor.NONE_OPEN, 10, 11, 3, 0, 3, 0, newest, newest, newest.id(), 0, false));
    InstrumentCursor cursor = cursor(files);
    assertThat(text(cursor))
        .contains(
            "{\"bytes\":9,\"crc32c\":\"a\",\"edges\":\"b\",\"lines\":3,"
                + "\"newest\":{\"time\":\"2025-12-14T23:59:56.123Z\",\"id\":\"1234567890\"}}");
    assertThat(CursorJson.decode(CursorJson.encode(cursor), cursor.asOf())).isEqualTo(cursor);
  }

  @Test
  void theCompatibleKeysComeFirst() {
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>();
    files.put(DAY, file(stamp("2025-12-14T21:34:56.123Z", 1234567890)));
    assertThat(text(cursor(files)))
        .startsWith(
            "{\n\"last_timestamp_utc\":\"2025-12-14T21:34:56.123Z\",\n"
                + "\"last_trade_id\":\"1234567890\",\n"
                + "\"last_minute_processed\":\"2025-12-14T21:34:00Z\",\n");
  }

  @Test
  void timesHaveThreeFractionalDigitsOrSixOrNine() {
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>();
    files.put(DAY, file(stamp("2025-12-14T21:34:56Z", 1)));
    assertThat(text(cursor(files))).contains("\"last_timestamp_utc\":\"2025-12-14T21:34:56.000Z\"");
    files.put(DAY, file(stamp("2025-12-14T21:34:56.1234Z", 1)));
    assertThat(text(cursor(files)))
        .contains("\"last_timestamp_utc\":\"2025-12-14T21:34:56.123400Z\"");
    files.put(DAY, file(stamp("2025-12-14T21:34:56.1234567Z", 1)));
    assertThat(text(cursor(files)))
        .contains("\"last_timestamp_utc\":\"2025-12-14T21:34:56.123456700Z\"");
  }

  @Test
  void withoutATradeTheCompatibleKeysAreNull() {
    assertThat(text(cursor(new TreeMap<>())))
        .startsWith(
            "{\n\"last_timestamp_utc\":null,\n\"last_trade_id\":null,\n"
                + "\"last_minute_processed\":null,\n");
  }

  @Test
  void minutesBefore1970() {
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>();
    TradeStamp newest = stamp("1969-12-31T23:58:59.5Z", 4);
    files.put(
        LocalDate.of(1969, 12, 31),
        new FileCursor(9, 4, -1, 1, 1, 2, 0, 1, 0, newest, newest, 4, 0, false));
    InstrumentCursor cursor = cursor(files);
    assertThat(CursorJson.decode(CursorJson.encode(cursor), cursor.asOf())).isEqualTo(cursor);
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (String text : new String[] {"", "{", "[]", "{}", "{\"version\":2}", "{\"version\":1}"}) {
      assertThatThrownBy(() -> CursorJson.decode(text.getBytes(UTF_8), Instant.EPOCH))
          .as("'%s'", text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static InstrumentCursor cursor(SortedMap<LocalDate, FileCursor> files) {
    return new InstrumentCursor(
        "BTC-USDT-SWAP", AS_OF, SETTINGS, files, new ExportLengths(123_456_789_012L, 0, 0));
  }

  private static String text(InstrumentCursor cursor) {
    return new String(CursorJson.encode(cursor), UTF_8);
  }

  private static FileCursor file(TradeStamp newestClosed) {
    return new FileCursor(
        1000,
        600,
        newestClosed.minute() + 2,
        0x89ABCDEF,
        0x00000001,
        50,
        2,
        40,
        8,
        new TradeStamp(newestClosed.epochSecond() + 120, 0, newestClosed.id() + 9),
        newestClosed,
        newestClosed.id(),
        77,
        false);
  }

  private static TradeStamp stamp(String time, long id) {
    Instant instant = Instant.parse(time);
    return new TradeStamp(instant.getEpochSecond(), instant.getNano(), id);
  }
}
