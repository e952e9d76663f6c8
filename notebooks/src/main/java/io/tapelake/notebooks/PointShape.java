package io.tapelake.notebooks;

/** How a point is marked: what goes up or down says so by its shape, whatever colours one sees. */
enum PointShape {
  DOT("h0"),
  UP("m-5 4h10l-5 -9z"),
  DOWN("m-5 -4h10l-5 9z");

  private final String shape;

  PointShape(String shape) {
    this.shape = shape;
  }

  /** The mark of a series, by its name. */
  static PointShape of(String name) {
    return name.endsWith("up") ? UP : name.endsWith("down") ? DOWN : DOT;
  }

  /** A path at a place of the picture. */
  String at(double x, double y) {
    return "M" + Svg.number(x) + " " + Svg.number(y) + shape;
  }

  String style(int colour) {
    return (this == DOT ? "stroke-width:7;stroke" : "stroke:none;fill") + ":var(--c" + colour + ")";
  }
}
