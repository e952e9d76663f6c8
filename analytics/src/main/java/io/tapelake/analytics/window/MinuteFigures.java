package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import java.math.BigDecimal;
import java.util.List;

/**
 * One minute's figures.
 *
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param bar the minute's own trades, or null
 * @param close the newest price up to its end
 * @param spans the figures of each span, in the order of {@link Spans#names}
 * @param amihud the minute's illiquidity, or NaN
 * @param impact Kyle's λ over each of {@link PriceImpact#WINDOWS}; none without analytics
 */
public record MinuteFigures(
    long minute,
    MinuteBar bar,
    BigDecimal close,
    List<SpanFigures> spans,
    double amihud,
    List<KyleLambda.Fit> impact) {

  /** The sums over the minute's own trades. */
  public SpanSums own() {
    return bar == null ? SpanSums.NONE : SpanSums.of(bar);
  }

  /** What its trades were like one by one. */
  public MinuteFlow flow() {
    return bar == null ? MinuteFlow.NONE : bar.flow();
  }

  /** Trades in the minute itself. */
  public long tradeCount() {
    return bar == null ? 0 : bar.tradeCount();
  }
}
