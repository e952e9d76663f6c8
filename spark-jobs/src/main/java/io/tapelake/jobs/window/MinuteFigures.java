package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.Bands;
import io.tapelake.jobs.analytics.KyleLambda;
import io.tapelake.jobs.analytics.ValueArea;
import io.tapelake.jobs.minute.MinuteBar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One closed minute's figures.
 *
 * @param vwap its VWAPs: of the windows, of the session, of the anchors
 * @param bar the minute's own trades, or null
 * @param own the sums over the minute's own trades
 * @param spans the sums that belong to each of the VWAPs
 * @param bands around each VWAP; null where there are no trades
 * @param baseBands around each VWAP weighted by base volume
 * @param areas of each window and of the session; null where there are no trades
 * @param amihud the minute's illiquidity, or null
 * @param amihudMeans its mean over each window and the session; null where it is not defined
 * @param impact Kyle's λ over each of {@link PriceImpact#WINDOWS}
 * @param cvdTotal taker buys less taker sells since the origin
 */
public record MinuteFigures(
    VwapRow vwap,
    MinuteBar bar,
    SpanSums own,
    List<SpanSums> spans,
    List<Bands> bands,
    List<Bands> baseBands,
    List<ValueArea> areas,
    BigDecimal amihud,
    List<BigDecimal> amihudMeans,
    List<KyleLambda.Fit> impact,
    SpanSums.Delta cvdTotal) {

  public MinuteFigures {
    spans = List.copyOf(spans);
    bands = withNulls(bands);
    baseBands = withNulls(baseBands);
    areas = withNulls(areas);
    amihudMeans = withNulls(amihudMeans);
    impact = List.copyOf(impact);
  }

  private static <T> List<T> withNulls(List<T> values) {
    return Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** Rolling VWAP alone. */
  static MinuteFigures of(VwapRow rolling) {
    return new MinuteFigures(
        rolling,
        null,
        SpanSums.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of(),
        SpanSums.Delta.NONE);
  }

  public String instrument() {
    return vwap.instrument();
  }

  public long minute() {
    return vwap.minute();
  }

  /** What it hands on to the next row; {@code others} spans are no anchors'. */
  public Carry carry(int others) {
    return new Carry(cvdTotal, anchored(others), "");
  }

  /** The sums since each anchor; {@code others} spans are no anchors'. */
  public List<SpanSums> anchored(int others) {
    return spans.subList(others, spans.size());
  }
}
