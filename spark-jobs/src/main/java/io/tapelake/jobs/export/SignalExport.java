package io.tapelake.jobs.export;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalLine;
import io.tapelake.jobs.store.VaultStore;

/** The export {@code signals.jsonl}: the signals that stand, by minute and id. */
public final class SignalExport extends MinuteExport<Signal> {

  public SignalExport(VaultStore store) {
    super(Export.SIGNALS, store);
  }

  @Override
  long minute(Signal signal) {
    return signal.minute();
  }

  @Override
  void add(Signal signal, LineBytes out) {
    out.add(SignalLine.of(signal));
  }
}
