package io.tapelake.jobs.export;

import io.tapelake.vault.VaultLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** The exports of an instrument. */
public enum Export {
  VWAP(VaultLayout::vwapExport),
  CVD(VaultLayout::cvdExport),
  SIGNALS(VaultLayout::signalExport);

  private final UnaryOperator<String> path;

  Export(UnaryOperator<String> path) {
    this.path = path;
  }

  /** The files of an instrument, whether they are there or not. */
  public static List<String> paths(String instrument) {
    return Arrays.stream(values()).map(each -> each.path(instrument)).toList();
  }

  /** The file of an instrument, as a path in the vault. */
  public String path(String instrument) {
    return path.apply(instrument);
  }
}
