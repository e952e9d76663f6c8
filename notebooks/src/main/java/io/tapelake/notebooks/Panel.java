package io.tapelake.notebooks;

import io.tapelake.notebooks.Ticks.Tick;
import java.util.function.IntPredicate;

/** A rectangle with two axes on which marks are drawn; its scales are in the picture's pixels. */
record Panel(Svg svg, Scale x, Scale y) {

  private static final double LABEL_DROP = 4; // from the middle of digits to their foot
  private static final double TICK_GAP = 6;

  private double left() {
    return x.from();
  }

  private double right() {
    return x.to();
  }

  private double top() {
    return y.to();
  }

  private double bottom() {
    return y.from();
  }

  /** The grid, numbers at its left and, where they are given, names of places below it. */
  void axes(String name, Ticks across, Ticks up, boolean hasNames) {
    svg.raw(
        "<g data-pane=\"%s\" data-left=\"%s\" data-right=\"%s\" data-top=\"%s\" data-bottom=\"%s\">"
            .formatted(
                HtmlTable.escape(name),
                Svg.number(left()),
                Svg.number(right()),
                Svg.number(top()),
                Svg.number(bottom())));
    StringBuilder grid = new StringBuilder();
    for (Tick tick : up.ticks()) {
      segment(grid, left(), y.at(tick.value()), right(), y.at(tick.value()));
      svg.text("e", left() - TICK_GAP, y.at(tick.value()) + LABEL_DROP, tick.label());
    }
    for (Tick tick : across.ticks()) {
      double at = x.at(tick.value());
      segment(grid, at, top(), at, bottom());
      if (hasNames) {
        double half = tick.label().length() * Svg.LETTER / 2;
        String kind = at + half > right() + TICK_GAP ? "e" : "m";
        svg.text(kind, kind.equals("e") ? right() + TICK_GAP : at, bottom() + 16, tick.label());
      }
    }
    svg.path("grid", grid);
    if (y.has(0) && y.low() < 0) {
      StringBuilder zero = new StringBuilder();
      segment(zero, left(), y.at(0), right(), y.at(0));
      svg.path("zero", zero);
    }
    svg.raw("</g>");
  }

  private static void segment(StringBuilder path, double x1, double y1, double x2, double y2) {
    path.append('M').append(Svg.number(x1)).append(' ').append(Svg.number(y1));
    path.append('L').append(Svg.number(x2)).append(' ').append(Svg.number(y2));
  }

  /** A line through points; it ends where there is no value, and before rows that break it. */
  void line(String kind, String style, double[] xs, double[] ys, IntPredicate breaks) {
    StringBuilder path = new StringBuilder();
    int i = 0;
    while (i < xs.length) {
      if (!isThere(xs, ys, i)) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < xs.length && isThere(xs, ys, end) && !breaks.test(end)) {
        end++;
      }
      run(path, xs, ys, i, end);
      i = end;
    }
    svg.path(kind, style, path);
  }

  private static boolean isThere(double[] xs, double[] ys, int i) {
    return Double.isFinite(xs[i]) && Double.isFinite(ys[i]);
  }

  /** Of many points in a column of pixels the first, the extremes and the last are to be seen. */
  private void run(StringBuilder path, double[] xs, double[] ys, int from, int end) {
    char move = 'M';
    int i = from;
    while (i < end) {
      long column = Math.round(x.at(xs[i]));
      int last = i;
      int low = i;
      int high = i;
      while (last + 1 < end && Math.round(x.at(xs[last + 1])) == column) {
        last++;
        low = ys[last] < ys[low] ? last : low;
        high = ys[last] > ys[high] ? last : high;
      }
      int[] kept = {i, Math.min(low, high), Math.max(low, high), last};
      int before = -1;
      for (int each : kept) {
        if (each != before) {
          point(path, move, xs[each], ys[each]);
          move = 'L';
          before = each;
        }
      }
      i = last + 1;
    }
    if (end == from + 1) {
      path.append("h0"); // a point alone is a dot
    }
  }

  private void point(StringBuilder path, char move, double px, double py) {
    path.append(move).append(Svg.number(x.at(px))).append(' ').append(Svg.number(y.at(py)));
  }

  /** What lies between two lines. */
  void area(String kind, double[] xs, double[] lows, double[] highs, IntPredicate breaks) {
    StringBuilder path = new StringBuilder();
    int i = 0;
    while (i < xs.length) {
      if (!isThere(xs, lows, i) || !isThere(xs, highs, i)) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < xs.length
          && isThere(xs, lows, end)
          && isThere(xs, highs, end)
          && !breaks.test(end)) {
        end++;
      }
      int step = Math.max(1, (int) ((end - i) / Math.max(1, right() - left())));
      char move = 'M';
      for (int k = i; k < end; k += step) {
        point(path, move, xs[k], highs[k]);
        move = 'L';
      }
      for (int k = end - 1; k >= i; k -= step) {
        point(path, 'L', xs[k], lows[k]);
      }
      path.append('Z');
      i = end;
    }
    svg.path(kind, path);
  }

  /**
   * A bar around a place, {@code width} of the axis wide, but never so thin that nobody sees it.
   */
  void bar(StringBuilder path, double place, double width, double top, double bottom) {
    double middle = x.at(place);
    double half = Math.max(0.5, x.at(place + width / 2) - middle);
    box(path, middle - half, middle + half, top, bottom);
  }

  static void box(StringBuilder path, double left, double right, double top, double bottom) {
    path.append('M').append(Svg.number(left)).append(' ').append(Svg.number(top));
    path.append('H').append(Svg.number(right)).append('V').append(Svg.number(bottom));
    path.append('H').append(Svg.number(left)).append('Z');
  }

  /** Bars from zero on, {@code width} of the axis wide around their places. */
  void bars(String kind, String style, double[] xs, double[] ys, double width) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (isThere(xs, ys, i) && ys[i] != 0) {
        double at = y.at(ys[i]);
        double zero = y.at(0);
        bar(path, xs[i], width, Math.min(at, zero), Math.max(at, zero));
      }
    }
    svg.path(kind, style, path);
  }

  /** Candles: hollow and blue when they closed higher, full and orange when lower. */
  void candles(double[] xs, double[][] ohlc, double width) {
    StringBuilder up = new StringBuilder();
    StringBuilder down = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (!isThere(xs, ohlc[0], i) || !isThere(xs, ohlc[3], i)) {
        continue;
      }
      double middle = x.at(xs[i]);
      double half = Math.max(0.5, (x.at(xs[i] + width) - middle) * 0.36);
      double top = y.at(Math.max(ohlc[0][i], ohlc[3][i]));
      double bottom = y.at(Math.min(ohlc[0][i], ohlc[3][i]));
      StringBuilder path = ohlc[3][i] >= ohlc[0][i] ? up : down;
      segment(path, middle, y.at(ohlc[1][i]), middle, top);
      segment(path, middle, bottom, middle, y.at(ohlc[2][i]));
      box(path, middle - half, middle + half, top, Math.max(bottom, top + 1));
    }
    svg.path("up", up);
    svg.path("down", down);
  }

  /** Marks at places. */
  void marks(PointShape shape, int colour, double[] xs, double[] ys) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (isThere(xs, ys, i)) {
        path.append(shape.at(x.at(xs[i]), y.at(ys[i])));
      }
    }
    svg.path("dots", shape.style(colour), path);
  }
}
