package io.tapelake.jobs.publish;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.snapshot.MetadataCleanup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Removes what no version of the last seven days needs: data files, and entries of the log. The
 * driver does it alone, by the files of two versions: that of seven days ago and the newest one.
 * What any version since has is in one of them, or was written since. Delta's own VACUUM takes
 * several Spark jobs a table, most of a minute for all of them.
 */
final class Vacuum {

  static final Duration RETENTION = Duration.ofDays(7);

  /** Example: {@code 00000000000000000012.crc}. */
  private static final Pattern OF_A_COMMIT = Pattern.compile("(\\d{20})\\.(json|crc)");

  private final Engine engine;
  private final String uri;
  private final Path table;
  private final FileSystem files;

  Vacuum(Engine engine, Configuration configuration, String uri) throws IOException {
    this.engine = engine;
    this.uri = uri;
    table = new Path(uri);
    files = table.getFileSystem(configuration);
  }

  /** Removes it, as of an instant. */
  void run(Instant now) throws IOException {
    long cutoff = now.minus(RETENTION).toEpochMilli();
    long then = versionAt(cutoff);
    if (then >= 0) {
      removeFiles(then, cutoff);
    }
    MetadataCleanup.cleanupExpiredLogs(
        engine, now::toEpochMilli, new io.delta.kernel.internal.fs.Path(uri), RETENTION.toMillis());
    removeChecksums();
  }

  private void removeFiles(long then, long cutoff) throws IOException {
    Set<String> needed = names(TableManager.loadSnapshot(uri).build(engine));
    needed.addAll(names(TableManager.loadSnapshot(uri).atVersion(then).build(engine)));
    remove(table, cutoff, needed);
  }

  /** Not in the log, nor what others keep beside the data. */
  private void remove(Path folder, long cutoff, Set<String> needed) throws IOException {
    for (FileStatus each : files.listStatus(folder)) {
      String name = each.getPath().getName();
      if (name.startsWith("_") || name.startsWith(".")) {
        continue;
      }
      if (each.isDirectory()) {
        remove(each.getPath(), cutoff, needed);
      } else if (each.getModificationTime() < cutoff && !needed.contains(name)) {
        files.delete(each.getPath(), false);
      }
    }
  }

  /** Names of data files are never used again. */
  private Set<String> names(Snapshot snapshot) throws IOException {
    Set<String> names = new HashSet<>();
    TableScan.eachRow(
        snapshot.getScanBuilder().build().getScanFiles(engine),
        file -> {
          String path = InternalScanFileUtils.getAddFileStatus(file).getPath();
          names.add(path.substring(path.lastIndexOf('/') + 1));
        });
    return names;
  }

  /** The newest version that was there at a time; -1 when there was none, or it is gone. */
  private long versionAt(long time) throws IOException {
    long version = -1;
    for (Map.Entry<Long, Long> commit : commits().entrySet()) {
      if (commit.getValue() > time) {
        break;
      }
      version = commit.getKey();
    }
    return version;
  }

  /** By version when it was made, in milliseconds since 1970. */
  private NavigableMap<Long, Long> commits() throws IOException {
    NavigableMap<Long, Long> commits = new TreeMap<>();
    for (FileStatus entry : files.listStatus(log())) {
      Matcher name = OF_A_COMMIT.matcher(entry.getPath().getName());
      if (name.matches() && name.group(2).equals("json")) {
        commits.put(Long.parseLong(name.group(1)), entry.getModificationTime());
      }
    }
    return commits;
  }

  /** Of commits that are gone: Kernel leaves them behind. */
  private void removeChecksums() throws IOException {
    long first = commits().firstKey();
    for (FileStatus entry : files.listStatus(log())) {
      Matcher name = OF_A_COMMIT.matcher(entry.getPath().getName());
      if (name.matches() && Long.parseLong(name.group(1)) < first) {
        files.delete(entry.getPath(), false);
      }
    }
  }

  private Path log() {
    return new Path(table, "_delta_log");
  }
}
