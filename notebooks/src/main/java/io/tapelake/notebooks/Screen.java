package io.tapelake.notebooks;

import org.dflib.jjava.jupyter.kernel.DisplayStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Where a cell's outputs go. */
interface Screen {

  /** Shows an output below those that are there. */
  void show(DisplayData data);

  /** Shows an output in place of the one of this id. */
  void replace(String id, DisplayData data);

  /** The page of a notebook. */
  record Page(DisplayStream stream) implements Screen {

    @Override
    public void show(DisplayData data) {
      stream.display(data);
    }

    @Override
    public void replace(String id, DisplayData data) {
      stream.updateDisplay(id, data);
    }
  }
}
