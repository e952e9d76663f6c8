package io.tapelake.collector.inventory;

import io.tapelake.collector.certify.CertificateFiles;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.vault.DayFile;
import java.util.List;
import java.util.Map;

/**
 * What the vault has of one instrument's UTC day.
 *
 * @param day instrument and day
 * @param trades valid lines
 * @param ids the trade ids they stand for
 * @param first the lowest id, or -1
 * @param last the highest id, or -1
 * @param missing ids between the lowest and the highest that are not there, and those between the
 *     day before, when there is one, and this
 * @param sources how many trades came from where
 * @param storedBytes what the day takes on the disk
 * @param isArchived whether it is compressed
 * @param certified what its certificate says, see {@link CertificateFiles#state}
 */
public record DayCoverage(
    DayFile day,
    long trades,
    long ids,
    long first,
    long last,
    List<IdRange> missing,
    Map<String, Long> sources,
    long storedBytes,
    boolean isArchived,
    String certified) {

  public DayCoverage {
    missing = List.copyOf(missing);
    sources = Map.copyOf(sources);
  }

  /** How many ids are missing. */
  public long missingIds() {
    return missing.stream().mapToLong(IdRange::size).sum();
  }

  /** The share of ids that are there, in ten-thousandths, rounded down: 10,000 means all. */
  public long shareOfTenThousand() {
    long all = ids + missingIds();
    return all == 0 ? 10_000 : ids * 10_000 / all;
  }

  /** Where the trades came from, such as {@code import}, {@code collected+rest}. */
  public String source() {
    return sources.isEmpty() ? "-" : String.join("+", new java.util.TreeSet<>(sources.keySet()));
  }
}
