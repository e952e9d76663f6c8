package io.tapelake.collector.cover;

import java.time.Instant;

/**
 * A span of ids some of which are missing, and how far the walk through REST history has come.
 * Which of its ids are still missing is always asked of the coverage, never kept here.
 */
final class Gap {

  final long from;
  final Instant found;
  final String cause;
  long to;
  boolean journaled;

  /** Passes through the whole span that left ids missing. */
  int passes;

  /** Given up: the exchange does not have the rest. Asked again rarely. */
  boolean missing;

  /** What the exchange has in place of a trade, of ids of the span; null when it has nothing. */
  IdRanges refused;

  String refusal;

  /** The next page is asked for downwards from here. */
  long cursor;

  Instant due;

  Gap(long from, long to, Instant found, String cause, Instant due) {
    this.from = from;
    this.to = to;
    this.found = found;
    this.cause = cause;
    this.cursor = to;
    this.due = due;
  }
}
