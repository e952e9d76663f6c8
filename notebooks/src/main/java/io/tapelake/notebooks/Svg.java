package io.tapelake.notebooks;

/** Writes a picture as SVG: real text, few elements, colours from the style that goes with it. */
final class Svg {

  /** Pixels of a letter, at most as wide as common fonts have digits and capitals on average. */
  static final double LETTER = 7;

  /**
   * Text and shapes; what is up is blue and hollow, what is down orange and full. Colours are dark
   * where the page's {@code color-scheme} is. A picture comes for a desk and for a phone.
   */
  static final String STYLE =
      """
      svg.tl{--bg:light-dark(#fff,#14171c);--fg:light-dark(#1c1c1c,#e8e8e8);--dim:light-dark(#5c5c5c,#a4adb8);--grid:light-dark(#e2e2e2,#2c323a);\
      --up:light-dark(#0072b2,#56b4e9);--down:light-dark(#c04a00,#f08c3a);--band:light-dark(#7f8fa6,#8fa3bd);--gap:light-dark(#cc79a7,#d98cb7);\
      --c0:light-dark(#1f4e79,#8fbce6);--c1:light-dark(#d55e00,#f08c3a);--c2:light-dark(#00815e,#3fbf96);--c3:light-dark(#7b3294,#c79be0);\
      --c4:light-dark(#9a7700,#d9b84a);--c5:light-dark(#1c8fd0,#56b4e9);--c6:light-dark(#b0568a,#e39bc4);--c7:light-dark(#555,#bbb)}
      .tl-phone{display:none} @media screen and (max-width:640px){.tl-desk{display:none} .tl-phone{display:block}}
      svg.tl{background:var(--bg);font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;display:block;max-width:100%;height:auto}
      svg.tl text{fill:var(--dim)} svg.tl .t{fill:var(--fg);font-weight:600} svg.tl .n{fill:var(--fg)}
      svg.tl .e{text-anchor:end} svg.tl .m{text-anchor:middle}
      svg.tl path{fill:none;stroke-linejoin:round;stroke-linecap:round}
      svg.tl .grid{stroke:var(--grid);stroke-linecap:butt} svg.tl .zero{stroke:var(--dim);stroke-linecap:butt}
      svg.tl .up{stroke:var(--up);fill:var(--bg)} svg.tl .down{stroke:var(--down);fill:var(--down)}
      svg.tl .plus{fill:var(--up)} svg.tl .minus{fill:var(--down)}
      svg.tl .vwap{stroke:var(--c3);stroke-width:1.8} svg.tl .close{stroke:var(--c0);stroke-width:1.5}
      svg.tl .band{fill:var(--band);fill-opacity:.14} svg.tl .edge{stroke:var(--band)} svg.tl .level{stroke:var(--dim);stroke-dasharray:5 4}
      svg.tl .gap{fill:var(--gap);fill-opacity:.3} svg.tl .gapmark{fill:var(--gap)}
      """;

  private final StringBuilder text = new StringBuilder();

  Svg(double width, double height, String name) {
    text.append("<svg class=\"tl\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    text.append(number(width)).append(' ').append(number(height)).append("\" width=\"");
    text.append(number(width)).append("\" height=\"").append(number(height));
    text.append("\" role=\"img\" aria-label=\"").append(HtmlTable.escape(name)).append("\">\n");
  }

  /** A picture for a desk and the same for a phone, of which one is shown. */
  static String both(String wide, String narrow) {
    return "<div class=\"tl-desk\">%s</div>\n<div class=\"tl-phone\">%s</div>\n"
        .formatted(wide, narrow);
  }

  void text(String kind, double x, double y, String words) {
    text.append("<text class=\"").append(kind).append("\" x=\"").append(number(x));
    text.append("\" y=\"").append(number(y)).append("\">").append(HtmlTable.escape(words));
    text.append("</text>\n");
  }

  void rect(String kind, double x, double y, double width, double height) {
    text.append("<rect class=\"").append(kind).append("\" x=\"").append(number(x));
    text.append("\" y=\"").append(number(y)).append("\" width=\"").append(number(width));
    text.append("\" height=\"").append(number(height)).append("\"/>\n");
  }

  void path(String kind, CharSequence path) {
    path(kind, "", path);
  }

  /** A path with a style of its own; nothing where the path is empty. */
  void path(String kind, String style, CharSequence path) {
    if (!path.isEmpty()) {
      text.append("<path class=\"").append(kind).append('"');
      if (!style.isEmpty()) {
        text.append(" style=\"").append(style).append('"');
      }
      text.append(" d=\"").append(path).append("\"/>\n");
    }
  }

  void raw(String element) {
    text.append(element).append('\n');
  }

  /** A place, to a tenth of a pixel. */
  static String number(double place) {
    long tenths = Math.round(place * 10);
    return tenths % 10 == 0
        ? String.valueOf(tenths / 10)
        : (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
  }

  @Override
  public String toString() {
    return text + "</svg>";
  }
}
