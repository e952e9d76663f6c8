package io.tapelake.jobs.export;

import io.tapelake.jobs.store.VaultStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The compatible export {@code vwap_1m.jsonl}: one line a closed minute, ascending. The windows 1h
 * and 4h come first, VWAPs before counts, the others behind them in configured order. Lines are
 * made of rows of {@code vwap_1m}, the values their exact texts.
 */
public final class VwapExport extends RowExport {

  /** The keys that every reader of the export knows; their places do not change. */
  private static final List<String> FIRST_WINDOWS = List.of("1h", "4h");

  public VwapExport(VaultStore store, List<String> spans) {
    super(Export.VWAP, store, keys(spans));
  }

  private static List<Key> keys(List<String> spans) {
    List<String> first = new ArrayList<>(FIRST_WINDOWS);
    first.retainAll(spans);
    List<Key> keys = new ArrayList<>();
    first.forEach(span -> keys.add(vwap(span)));
    first.forEach(span -> keys.add(count(span)));
    for (String span : spans) {
      if (!first.contains(span)) {
        keys.add(vwap(span));
        keys.add(count(span));
      }
    }
    return keys;
  }

  private static Key vwap(String span) {
    return Key.text("vwap_" + span, "vwap_" + span + "_exact");
  }

  private static Key count(String span) {
    return Key.count("trade_count_" + span);
  }
}
