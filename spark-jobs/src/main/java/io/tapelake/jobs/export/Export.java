package io.tapelake.jobs.export;

import io.tapelake.vault.VaultLayout;
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

  /** The file of an instrument, as a path in the vault. */
  public String path(String instrument) {
    return path.apply(instrument);
  }
}
