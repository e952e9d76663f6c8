package io.tapelake.simulator.tape;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trades of one instrument, from the tape's beginning to its end, by their place in it.
 *
 * <p>Trades are made when they are asked for and kept in memory only as a few blocks of them, with
 * a bookmark at each block's beginning: a tape of any length costs a few megabytes. Not safe for
 * use by several threads; each takes its own from {@link Tape#open}.
 */
public final class TradeSeries {

  private static final int BLOCK = 2048;
  private static final int BLOCKS_KEPT = 6;

  private final Listing listing;
  private final Lifecycle lifecycle;
  private final long end;
  private final long firstId;
  private final List<Walk> bookmarks = new ArrayList<>();
  private final List<Long> blockTimes = new ArrayList<>();
  private final Map<Integer, Print[]> blocks = new RecentBlocks();

  /** Where each listing of the instrument begins. */
  private final List<Long> lives = new ArrayList<>(List.of(0L));

  private long happened;
  private int lastBlock = -1;
  private Print[] lastPrints;

  TradeSeries(Listing listing, Lifecycle lifecycle, Walk walk, long firstId, Instant end) {
    this.listing = listing;
    this.lifecycle = lifecycle;
    this.firstId = firstId;
    this.end = end.equals(Instant.MAX) ? Walk.NEVER : end.toEpochMilli();
    bookmarks.add(walk);
  }

  /** The instrument as it was listed when the tape began. */
  public Listing listing() {
    return listing;
  }

  /** What happens to the instrument. */
  public Lifecycle lifecycle() {
    return lifecycle;
  }

  /** The id of the first trade of all. */
  public long firstId() {
    return firstId;
  }

  /**
   * How many trades have happened up to and including that time. Times must not go back; see {@link
   * #countBefore} for the past.
   */
  public long countAt(Instant now) {
    long millis = now.toEpochMilli();
    while (timeAt(happened) <= millis) {
      happened++;
    }
    return happened;
  }

  /** How many of the trades that have happened did so before that time. */
  public long countBefore(Instant time) {
    long millis = time.toEpochMilli();
    long low = 0;
    long high = happened;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (roughTimeAt(middle, millis) < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The trade at that place, counted from 0. */
  public Print at(long place) {
    int block = (int) (place / BLOCK);
    if (block != lastBlock) {
      Print[] prints = blocks.get(block);
      if (prints == null) {
        prints = make(block);
        blocks.put(block, prints);
      }
      lastPrints = prints;
      lastBlock = block;
    }
    return lastPrints[(int) (place % BLOCK)];
  }

  private long timeAt(long place) {
    long time = at(place).time();
    return time >= end ? Walk.NEVER : time;
  }

  /** The time at a place, or of its block's beginning where that decides the comparison already. */
  private long roughTimeAt(long place, long wanted) {
    int block = (int) (place / BLOCK);
    if (block + 1 < blockTimes.size() && blockTimes.get(block + 1) < wanted) {
      return blockTimes.get(block + 1);
    }
    return blockTimes.get(block) >= wanted ? blockTimes.get(block) : at(place).time();
  }

  private Print[] make(int block) {
    while (bookmarks.size() <= block) {
      at((long) bookmarks.size() * BLOCK - 1);
    }
    Walk walk = bookmarks.get(block).copy();
    Print[] prints = new Print[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      prints[i] = print(walk, (long) block * BLOCK + i);
    }
    if (block + 1 == bookmarks.size()) {
      bookmarks.add(walk);
      blockTimes.add(prints[0].time());
    }
    return prints;
  }

  /** Blocks are made in order the first time, so that it is known by then when ids start over. */
  private Print print(Walk walk, long place) {
    Print print = walk.next(firstId + place);
    if (lifecycle.relistings().isEmpty()) {
      return print;
    }
    long relistings =
        lifecycle.relistings().stream().filter(at -> at.toEpochMilli() <= print.time()).count();
    while (lives.size() <= relistings) {
      lives.add(place);
    }
    return relistings == 0 ? print : print.withId(place - lives.get((int) relistings) + 1);
  }

  /** The place of the first trade of the listing that a place belongs to. */
  public long listedAt(long place) {
    long first = 0;
    for (long each : lives) {
      first = each <= place ? each : first;
    }
    return first;
  }

  /** The id of the trade at that place. */
  public long idAt(long place) {
    return at(place).id();
  }

  /** The blocks used last. */
  private static final class RecentBlocks extends LinkedHashMap<Integer, Print[]> {

    RecentBlocks() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Print[]> eldest) {
      return size() > BLOCKS_KEPT;
    }
  }
}
