package io.tapelake.simulator;

import io.tapelake.simulator.fault.FaultKind;
import java.io.PrintWriter;
import java.util.Locale;

/** Explains the faults to whoever writes a script of them. */
final class FaultHelp {

  private FaultHelp() {}

  static void print(PrintWriter out) {
    out.println("at WHEN [every DURATION] KIND [INSTRUMENT] [setting=value ...]");
    out.println("WHEN: an instant of event time, or a duration from the start.");
    FaultKind.Where where = null;
    for (FaultKind kind : FaultKind.values()) {
      if (kind.where() != where) {
        where = kind.where();
        out.println();
        out.println(where.name().toLowerCase(Locale.ROOT) + ":");
      }
      out.printf("  %-10s %-24s %s%n", kind.text(), String.join(" ", kind.keys()), kind.effect());
    }
    out.println();
    out.println("for=5s unless given. n=N: that many times instead.");
    out.println("garbage what=: " + String.join(" ", FaultKind.GARBAGE_KINDS));
    out.println("rest how=: " + String.join(" ", FaultKind.REST_FAILURES) + ", or an HTTP status;");
    out.println("  by=DURATION delays the answer; path=PART is a part of the path.");
    out.flush();
  }
}
