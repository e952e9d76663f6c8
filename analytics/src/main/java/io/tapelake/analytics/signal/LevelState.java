package io.tapelake.analytics.signal;

/**
 * Where the price stands towards a level.
 *
 * @param side the side it last was on by as much as a bounce takes: 1 above, −1 below, 0 not known
 * @param phase what is waited for
 * @param touched the minute of the touch; 0 unless it is being tested
 * @param beyond closes in a row beyond the level; 0 unless it is being tested
 * @param pierced whether a close was beyond it since the touch
 */
record LevelState(int side, Phase phase, long touched, int beyond, boolean pierced) {

  enum Phase {
    /** The price has to get away from the level before a touch counts. */
    NEAR,
    /** The next touch counts. */
    AWAY,
    /** Touched: it bounces, breaks, or neither within some minutes. */
    TESTING
  }

  static final LevelState UNKNOWN = near(0);

  static LevelState near(int side) {
    return new LevelState(side, Phase.NEAR, 0, 0, false);
  }

  static LevelState away(int side) {
    return new LevelState(side, Phase.AWAY, 0, 0, false);
  }

  static LevelState touched(int side, long minute) {
    return new LevelState(side, Phase.TESTING, minute, 0, false);
  }

  LevelState closedBeyond() {
    return new LevelState(side, phase, touched, beyond + 1, true);
  }

  LevelState closedWithin() {
    return new LevelState(side, phase, touched, 0, pierced);
  }

  String text() {
    return side + "," + phase.name() + "," + touched + "," + beyond + "," + (pierced ? 1 : 0);
  }

  static LevelState parse(String text) {
    String[] parts = text.split(",", -1);
    return new LevelState(
        Integer.parseInt(parts[0]),
        Phase.valueOf(parts[1]),
        Long.parseLong(parts[2]),
        Integer.parseInt(parts[3]),
        "1".equals(parts[4]));
  }
}
