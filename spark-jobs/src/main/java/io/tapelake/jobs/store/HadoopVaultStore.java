package io.tapelake.jobs.store;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.ipc.RemoteException;

/**
 * A vault on a file system of Hadoop's that can append and truncate, such as HDFS. Nothing that is
 * there comes by this process when a file grows or is put in place of another.
 */
class HadoopVaultStore implements VaultStore {

  private static final int MILLIS_BETWEEN_LOOKS = 100;
  private static final Duration TAKE_OVER_AT_MOST = Duration.ofMinutes(1);

  private final FileSystem files;
  private final Configuration configuration;
  private final Path root;

  HadoopVaultStore(Path root, Configuration configuration) throws IOException {
    this.configuration = configuration;
    files = root.getFileSystem(configuration);
    this.root = files.makeQualified(root);
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(at(folder))) {
        entries.add(entry(status));
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  @Override
  public boolean exists(String path) throws IOException {
    return files.exists(at(path));
  }

  @Override
  public Entry entry(String path) throws IOException {
    try {
      return entry(files.getFileStatus(at(path)));
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private static Entry entry(FileStatus status) {
    return new Entry(
        status.getPath().getName(),
        status.isDirectory(),
        status.isDirectory() ? 0 : status.getLen(),
        status.getModificationTime());
  }

  @Override
  public InputStream open(String path, long offset) throws IOException {
    FSDataInputStream in = files.open(at(path));
    in.seek(offset);
    return in;
  }

  @Override
  public void replace(String path, Content content) throws IOException {
    Path target = at(path);
    Path temporary = new Path(target.getParent(), "." + target.getName() + ".tmp");
    try (FSDataOutputStream file = files.create(temporary, true);
        BufferedOutputStream out = new BufferedOutputStream(file, 1 << 16)) {
      content.writeTo(out);
      out.flush();
      if (file.hasCapability(StreamCapabilities.HSYNC)) {
        file.hsync();
      }
    }
    move(temporary, target);
  }

  @Override
  public void move(String from, String to) throws IOException {
    files.mkdirs(at(to).getParent());
    move(at(from), at(to));
  }

  private void move(Path from, Path to) throws IOException {
    FileContext.getFileContext(files.getUri(), configuration)
        .rename(from, to, Options.Rename.OVERWRITE);
  }

  /** The file system adds to what is there: no byte of it comes by here. */
  @Override
  public void append(String path, long length, byte[] bytes) throws IOException {
    Path file = at(path);
    boolean isNew = length == 0 && !files.exists(file);
    if (!isNew && isTakenOver(file)) {
      truncate(path, length);
    }
    try (FSDataOutputStream out = isNew ? files.create(file, false) : files.append(file)) {
      if (out.getPos() != length) {
        throw new IOException(
            "%s has %d bytes where %d were expected".formatted(file, out.getPos(), length));
      }
      out.write(bytes);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  @Override
  public void truncate(String path, long length) throws IOException {
    Path file = at(path);
    isTakenOver(file);
    // Until the last block is cut the file cannot be written to.
    for (boolean isDone = files.truncate(file, length); !isDone; isDone = isCut(file, length)) {
      waitFor(file);
    }
  }

  /**
   * Closes a file that a process has left open which died, or sleeps, while it wrote to it: HDFS
   * would keep others from it for some time.
   */
  private boolean isTakenOver(Path file) throws IOException {
    if (!(files instanceof LeaseRecoverable leases) || leases.isFileClosed(file)) {
      return false;
    }
    long end = System.nanoTime() + TAKE_OVER_AT_MOST.toNanos();
    while (!leases.recoverLease(file)) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "%s is open to a process that is gone, and the file system has not closed it within %s"
                .formatted(file, TAKE_OVER_AT_MOST));
      }
      waitFor(file);
    }
    return true;
  }

  private static void waitFor(Path file) throws InterruptedIOException {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + file + " is waited for");
    }
  }

  /** A file that is being cut is open to whoever cuts it. */
  private boolean isCut(Path file, long length) throws IOException {
    try (FSDataOutputStream out = files.append(file)) {
      return out.getPos() == length;
    } catch (RemoteException e) {
      return false;
    }
  }

  @Override
  public void delete(String path) throws IOException {
    files.delete(at(path), true);
  }

  @Override
  public String uri(String path) {
    return at(path).toString();
  }

  final Path at(String path) {
    return path.isEmpty() ? root : new Path(root, path);
  }
}
