package io.tapelake.notebooks;

import org.dflib.jjava.jupyter.kernel.DisplayStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Where a cell's outputs go. */
record Screen(DisplayStream stream) {

  /** Shows an output below those that are there. */
  void show(DisplayData data) {
    stream.display(data);
  }

  /** Shows an output in place of the one of this id. */
  void replace(String id, DisplayData data) {
    stream.updateDisplay(id, data);
  }
}
