package io.tapelake.jobs.oracle;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the bytes of one day file come to.
 *
 * @param trades each trade once, in the order of its first line; none when the file is broken
 * @param quarantine the bytes of the quarantine file; empty when there is to be none
 * @param refused lines that are not valid, by reason
 * @param duplicates valid lines that repeat a trade
 * @param broken whether too many of its lines were refused
 * @param pending bytes behind the last LF
 */
record OracleFile(
    List<OracleTrade> trades,
    byte[] quarantine,
    Map<String, Integer> refused,
    int duplicates,
    boolean broken,
    long pending) {

  private static final int FEWEST_LINES_OF_A_BROKEN_FILE = 1_000;

  static OracleFile read(
      byte[] content, String instrument, LocalDate day, BigDecimal maxRefusedRatio) {
    Map<Long, OracleTrade> trades = new LinkedHashMap<>();
    Map<String, Integer> refused = new TreeMap<>();
    ByteArrayOutputStream quarantine = new ByteArrayOutputStream();
    int lines = 0;
    int duplicates = 0;
    int start = 0;
    for (int end = 0; end < content.length; end++) {
      if (content[end] != '\n') {
        continue;
      }
      byte[] line = Arrays.copyOfRange(content, start, end);
      if (!isBlank(line)) {
        lines++;
        RawLine verdict = RawLine.judge(line, instrument, day);
        if (verdict.trade() == null) {
          refused.merge(verdict.reason(), 1, Integer::sum);
          quarantine.writeBytes(entry(day, start, verdict.reason(), line));
        } else {
          OracleTrade first = trades.putIfAbsent(verdict.trade().id(), verdict.trade());
          if (first != null) {
            duplicates++;
            if (!first.agreesWith(verdict.trade())) {
              quarantine.writeBytes(entry(day, start, "conflicting_duplicate", line));
            }
          }
        }
      }
      start = end + 1;
    }
    long pending = content.length - start;
    int refusedLines = refused.values().stream().mapToInt(Integer::intValue).sum();
    boolean broken =
        lines >= FEWEST_LINES_OF_A_BROKEN_FILE
            && new BigDecimal(refusedLines)
                    .compareTo(maxRefusedRatio.multiply(new BigDecimal(lines)))
                > 0;
    return broken
        ? new OracleFile(List.of(), new byte[0], refused, duplicates, true, pending)
        : new OracleFile(
            new ArrayList<>(trades.values()),
            quarantine.toByteArray(),
            refused,
            duplicates,
            false,
            pending);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static byte[] entry(LocalDate day, long offset, String reason, byte[] line) {
    int kept = Math.min(line.length, RawLine.LONGEST);
    String text = new String(line, 0, kept, StandardCharsets.UTF_8);
    StringBuilder entry = new StringBuilder(text.length() + 100);
    entry.append("{\"file\":\"").append(day).append(".jsonl\",\"offset\":").append(offset);
    entry.append(",\"reason\":\"").append(reason).append("\",\"line\":\"");
    text.chars().forEach(c -> escape((char) c, entry));
    return entry.append("\"}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void escape(char c, StringBuilder json) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\b' -> json.append("\\b");
      case '\f' -> json.append("\\f");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        if (c < ' ') {
          json.append(String.format("\\u%04X", (int) c));
        } else {
          json.append(c);
        }
      }
    }
  }
}
