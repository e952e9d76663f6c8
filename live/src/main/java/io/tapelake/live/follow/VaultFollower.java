package io.tapelake.live.follow;

import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.DayFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a market as the vault's raw files are. One thread follows the two newest days of each
 * instrument as they grow; another one looks for instruments and days, and reads older days: those
 * that the longest window needs first, then the rest of the history, and again whatever of it has
 * become another file.
 */
public final class VaultFollower implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(VaultFollower.class);

  /** A day that is read gives way to others after so many bytes. */
  private static final long PORTION = 1 << 20;

  private static final long TAIL_PAUSE_MILLIS = 15;

  /** With many instruments looking at each of them is what costs. */
  private static final int INSTRUMENTS_A_MILLI = 3;

  private static final long SCAN_PAUSE_MILLIS = 500;

  /** A day that could not be read is read again after so long, or once it is another file. */
  private static final long RETRY_NANOS = 60_000_000_000L;

  /** A day with minutes to be sorted is not read again before so many scans. */
  private static final int SORT_EVERY = 10;

  private final Path raw;
  private final Set<String> wanted;
  private final int historyDays;
  private final Market market;
  private final Certificates certificates;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();
  private final Thread tailing = new Thread(this::tail, "tail");
  private final Thread scanning = new Thread(this::scanOn, "scan");
  private volatile boolean isStopped;
  private volatile boolean wasScanned;

  /** What is followed of an instrument. */
  private static final class Followed {

    private final InstrumentTape tape;

    /** Replaced as a whole. */
    private volatile List<DayTail> tails = List.of();

    /** The files of the days that were read as a whole. */
    private final Map<LocalDate, FoundDay> loaded = new HashMap<>();

    private final Map<LocalDate, FoundDay> found = new TreeMap<>();
    private final Map<LocalDate, Failure> failed = new TreeMap<>();
    private int scansUntilSort;

    Followed(InstrumentTape tape) {
      this.tape = tape;
    }
  }

  /** Why a day could not be read, and until when that is not tried again. */
  private record Failure(FoundDay file, String reason, long retryAt) {

    boolean holds(FoundDay found) {
      return file.equals(found) && System.nanoTime() < retryAt;
    }
  }

  /**
   * A follower that has not started yet.
   *
   * @param wanted the instruments to follow; empty for all that there are
   * @param historyDays how many UTC days up to the newest one are read
   */
  public VaultFollower(Path vault, Set<String> wanted, int historyDays, Market market) {
    raw = vault.resolve(DayFile.RAW_ROOT);
    this.wanted = new TreeSet<>(wanted);
    this.historyDays = historyDays;
    this.market = market;
    certificates = new Certificates(vault);
  }

  /** Starts to follow. */
  public void start() {
    tailing.setDaemon(true);
    scanning.setDaemon(true);
    scanning.start();
    tailing.start();
  }

  @Override
  public void close() {
    isStopped = true;
    tailing.interrupt();
    scanning.interrupt();
  }

  /** Whether the vault is there and everything was read that the figures of now need. */
  public boolean isReady() {
    return wasScanned
        && market.trouble() == null
        && followed.values().stream().allMatch(each -> each.tape.isCovered());
  }

  /** Whether both threads are at work. */
  public boolean isAlive() {
    return tailing.isAlive() && scanning.isAlive();
  }

  // ---- the newest days

  private void tail() {
    while (!isStopped) {
      boolean isMore = false;
      for (Followed each : followed.values()) {
        for (DayTail tail : each.tails) {
          isMore |= advance(each, tail);
        }
      }
      if (!isMore) {
        pause(TAIL_PAUSE_MILLIS + followed.size() / INSTRUMENTS_A_MILLI);
      }
    }
  }

  private static boolean advance(Followed each, DayTail tail) {
    try {
      return tail.advance(PORTION, System.nanoTime());
    } catch (NoSuchFileException e) {
      // Archived, or the vault is gone for now: the other thread finds out.
      tail.close();
    } catch (IOException | RuntimeException e) {
      tail.fail("%s cannot be read: %s".formatted(tail.file(), e));
      each.tape.trouble(tail.trouble());
    }
    return false;
  }

  // ---- all the others

  private void scanOn() {
    while (!isStopped) {
      long until = System.nanoTime() + SCAN_PAUSE_MILLIS * 1_000_000;
      try {
        scan();
        while (loadOne() && System.nanoTime() < until) {
          // One day after the other, until it is time to look again.
        }
        sortOne();
        signal(until);
      } catch (RuntimeException e) {
        LOG.warn("The vault could not be looked through: {}", e.toString(), e);
      }
      pause((until - System.nanoTime()) / 1_000_000);
    }
  }

  private void scan() {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(raw)) {
      Set<String> gone = new TreeSet<>(followed.keySet());
      Set<String> others = new TreeSet<>();
      for (Path folder : folders) {
        String name = folder.getFileName().toString();
        if (!DayFile.isInstrument(name)) {
          continue;
        }
        if (wanted.isEmpty() || wanted.contains(name)) {
          gone.remove(name);
          scan(name, folder);
        } else {
          others.add(name);
        }
      }
      for (String name : gone) {
        followed.get(name).tape.trouble("its folder is gone; what was read of it is still shown");
      }
      market.trouble(
          followed.isEmpty() && !others.isEmpty()
              ? "%s has no raw files of %s; it has those of %s"
                  .formatted(raw, String.join(", ", wanted), String.join(", ", others))
              : null);
    } catch (NoSuchFileException | NotDirectoryException e) {
      market.trouble("there is nothing at " + raw);
    } catch (IOException e) {
      market.trouble("%s cannot be read: %s".formatted(raw, e));
    }
    wasScanned = true;
  }

  private void scan(String name, Path folder) throws IOException {
    TreeMap<LocalDate, Path> files = new TreeMap<>();
    try (DirectoryStream<Path> inFolder = Files.newDirectoryStream(folder)) {
      for (Path file : inFolder) {
        String fileName = file.getFileName().toString();
        LocalDate day = DayFile.dayOf(fileName);
        if (day != null && (!DayFile.isArchived(fileName) || !files.containsKey(day))) {
          files.put(day, file);
        }
      }
    } catch (NotDirectoryException e) {
      return;
    } catch (IOException e) {
      followed(name).tape.trouble("%s cannot be read: %s".formatted(folder, e));
      return;
    }
    if (!files.isEmpty() || followed.containsKey(name)) {
      follow(followed(name), files);
    }
  }

  private Followed followed(String name) {
    return followed.computeIfAbsent(name, key -> new Followed(market.open(key)));
  }

  private void follow(Followed each, TreeMap<LocalDate, Path> files) {
    List<String> troubles = new ArrayList<>();
    LocalDate tomorrow = LocalDate.ofInstant(market.clock().instant(), ZoneOffset.UTC).plusDays(1);
    NavigableMap<LocalDate, Path> ahead = files.tailMap(tomorrow, false);
    if (!ahead.isEmpty()) {
      troubles.add(
          "%s is of a day that is yet to come, and is not read; move it away"
              .formatted(ahead.firstEntry().getValue()));
      ahead.clear();
    }
    each.tape.know(files.keySet());
    // Without a file nothing of what was read becomes too old.
    LocalDate newest = files.isEmpty() ? LocalDate.EPOCH : files.lastKey();
    LocalDate horizon = newest.minusDays(historyDays - 1L);
    List<DayTail> tails = new ArrayList<>();
    each.found.clear();
    for (Map.Entry<LocalDate, Path> file : files.tailMap(horizon, true).entrySet()) {
      LocalDate day = file.getKey();
      boolean isArchived = DayFile.isArchived(file.getValue().getFileName().toString());
      if (!isArchived && !day.isBefore(newest.minusDays(1))) {
        tails.add(tail(each, day, file.getValue()));
        continue;
      }
      try {
        each.found.put(day, FoundDay.of(file.getValue()));
      } catch (NoSuchFileException e) {
        // Archived at this very moment: the next scan finds it.
      } catch (IOException e) {
        troubles.add("%s cannot be read: %s".formatted(file.getValue(), e));
      }
    }
    for (LocalDate day : new TreeSet<>(each.loaded.keySet())) {
      if (day.isBefore(horizon)) {
        each.loaded.remove(day);
        each.tape.drop(day);
      }
    }
    Set<LocalDate> gone = each.tape.days();
    gone.removeAll(files.keySet());
    if (!gone.isEmpty()) {
      troubles.add(
          "the files of %s are gone; what was read of them is still shown".formatted(gone));
    }
    each.tails.stream().filter(tail -> !tails.contains(tail)).forEach(DayTail::end);
    each.tails = List.copyOf(tails);
    tails.stream().map(DayTail::trouble).filter(Objects::nonNull).forEach(troubles::add);
    each.failed.keySet().retainAll(each.found.keySet());
    each.failed.values().forEach(failure -> troubles.add(failure.reason()));
    each.tape.trouble(troubles.isEmpty() ? null : String.join("; ", troubles));
    certificates.look(each.tape);
  }

  private DayTail tail(Followed each, LocalDate day, Path file) {
    each.loaded.remove(day);
    for (DayTail tail : each.tails) {
      if (tail.day().day().equals(day) && tail.file().equals(file)) {
        return tail;
      }
    }
    return new DayTail(file, new DayFile(each.tape.name(), day), each.tape);
  }

  /** Reads the day that is needed most; false when none is left. */
  private boolean loadOne() {
    Followed needy = null;
    LocalDate next = null;
    long leastAge = Long.MAX_VALUE;
    for (Followed each : followed.values()) {
      LocalDate day = nextToLoad(each);
      if (day != null && !each.tails.isEmpty() && age(each, day) < leastAge) {
        needy = each;
        next = day;
        leastAge = age(each, day);
      } else if (day != null && each.tails.isEmpty() && needy == null) {
        needy = each;
        next = day;
      }
    }
    if (needy == null) {
      return false;
    }
    FoundDay found = needy.found.get(next);
    try {
      needy.tape.install(DayLoad.day(found, new DayFile(needy.tape.name(), next)));
      needy.loaded.put(next, found);
      needy.failed.remove(next);
    } catch (NoSuchFileException | ClosedByInterruptException e) {
      return !isStopped;
    } catch (IOException | RuntimeException e) {
      String reason = "%s cannot be read: %s".formatted(found.file(), e);
      LOG.warn(reason);
      needy.failed.put(next, new Failure(found, reason, System.nanoTime() + RETRY_NANOS));
    }
    return true;
  }

  private static LocalDate nextToLoad(Followed each) {
    LocalDate newest = null;
    for (Map.Entry<LocalDate, FoundDay> day : each.found.entrySet()) {
      Failure failure = each.failed.get(day.getKey());
      boolean isToWait = failure != null && failure.holds(day.getValue());
      if (!isToWait && !day.getValue().equals(each.loaded.get(day.getKey()))) {
        newest = day.getKey();
      }
    }
    return newest;
  }

  private static long age(Followed each, LocalDate day) {
    return each.tails.get(each.tails.size() - 1).day().day().toEpochDay() - day.toEpochDay();
  }

  /** Sorts the minutes of one day whose trades came out of order. */
  private void sortOne() {
    for (Followed each : followed.values()) {
      if (each.scansUntilSort-- > 0) {
        continue;
      }
      each.scansUntilSort = SORT_EVERY;
      each.tape.unsorted().forEach((day, minutes) -> sort(each, day, minutes));
    }
  }

  private static void sort(Followed each, TradeDay day, Set<Long> minutes) {
    FoundDay file = fileOf(each, day.day());
    if (file == null) {
      return;
    }
    try {
      DayFile of = new DayFile(each.tape.name(), day.day());
      each.tape.sorted(day, DayLoad.sorted(file, of, minutes));
    } catch (IOException e) {
      LOG.info("{} could not be read again: {}", file.file(), e.toString());
    }
  }

  /** Once all history is read, signals follow; some minutes at a time. */
  private void signal(long until) {
    for (Followed each : followed.values()) {
      if (nextToLoad(each) == null && each.tails.stream().allMatch(DayTail::isShown)) {
        while (market.signals(each.tape).advance(market.clock().millis())
            && System.nanoTime() < until) {
          // Until it is time to look again.
        }
      }
    }
  }

  private static FoundDay fileOf(Followed each, LocalDate day) {
    for (DayTail tail : each.tails) {
      if (tail.day().day().equals(day)) {
        return tail.found();
      }
    }
    return each.loaded.get(day);
  }

  private static void pause(long millis) {
    try {
      if (millis > 0) {
        Thread.sleep(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
