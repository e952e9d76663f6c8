package io.tapelake.jobs.plan;

/**
 * Bytes of an instrument's exports, by which the next run notices that one is not as it was left.
 *
 * @param vwap of {@code vwap_1m.jsonl}
 * @param cvd of {@code cvd_1m.jsonl}
 * @param signals of {@code signals.jsonl}
 */
public record ExportLengths(long vwap, long cvd, long signals) {

  public static final ExportLengths NONE = new ExportLengths(0, 0, 0);
}
