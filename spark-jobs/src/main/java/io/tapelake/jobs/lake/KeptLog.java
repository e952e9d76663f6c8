package io.tapelake.jobs.lake;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.defaults.engine.hadoopio.HadoopFileIO;
import io.delta.kernel.defaults.engine.hadoopio.HadoopInputFile;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.FileStatus;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What Kernel reads and writes of a table, where nothing is read twice of the log: Kernel goes
 * through it for each scan and each transaction, and opens a checkpoint twice each time. A file
 * that is not as it was is read anew.
 */
final class KeptLog extends HadoopFileIO {

  /** The log of some ten thousand files; a larger one is read each time. */
  private static final int MOST_BYTES = 8 << 20;

  private static final int BLOCK = 4 << 10;

  private final Configuration configuration;

  /** By path, those used last at the end. */
  private final Map<String, Kept> files = new LinkedHashMap<>(16, 0.75f, true);

  KeptLog(Configuration configuration) {
    super(configuration);
    this.configuration = configuration;
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    boolean isCommit = FileNames.isCommitFile(path);
    if (!isCommit && !FileNames.isCheckpointFile(path)) {
      return super.newInputFile(path, length);
    }
    return new HadoopInputFile(fileSystem(path), new Path(path), length) {
      @Override
      public SeekableInputStream newStream() throws IOException {
        FileStatus now = getFileStatus(path);
        if (now.getSize() > MOST_BYTES) {
          return super.newStream();
        }
        Kept kept = kept(now);
        if (isCommit) {
          kept.fill(0, kept.bytes.length);
        }
        return new KeptStream(kept);
      }
    };
  }

  private FileSystem fileSystem(String path) {
    try {
      return new Path(path).getFileSystem(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Kept kept(FileStatus now) {
    Kept kept = files.get(now.getPath());
    if (kept == null
        || kept.bytes.length != now.getSize()
        || kept.modified != now.getModificationTime()) {
      kept = new Kept(super.newInputFile(now.getPath(), now.getSize()), now);
      files.put(now.getPath(), kept);
      long all = files.values().stream().mapToLong(each -> each.bytes.length).sum();
      Iterator<Kept> eldest = files.values().iterator();
      while (all > MOST_BYTES) {
        all -= eldest.next().bytes.length;
        eldest.remove();
      }
    }
    return kept;
  }

  /** As much of a file as was read. */
  private static final class Kept {

    private final InputFile file;
    private final long modified;
    private final byte[] bytes;
    private final BitSet blocks = new BitSet();

    Kept(InputFile file, FileStatus now) {
      this.file = file;
      modified = now.getModificationTime();
      bytes = new byte[Math.toIntExact(now.getSize())];
    }

    /** Reads what is missing of a part. */
    synchronized void fill(int from, int to) throws IOException {
      int end = (to + BLOCK - 1) / BLOCK;
      int first = blocks.nextClearBit(from / BLOCK);
      int last = blocks.previousClearBit(end - 1);
      if (first <= last) {
        int start = first * BLOCK;
        try (SeekableInputStream in = file.newStream()) {
          in.seek(start);
          in.readFully(bytes, start, Math.min((last + 1) * BLOCK, bytes.length) - start);
        }
        blocks.set(first, end);
      }
    }
  }

  private static final class KeptStream extends SeekableInputStream {

    private final Kept kept;
    private int position;

    KeptStream(Kept kept) {
      this.kept = kept;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int count = Math.min(length, kept.bytes.length - position);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      kept.fill(position, position + count);
      System.arraycopy(kept.bytes, position, to, offset, count);
      position += count;
      return count;
    }

    @Override
    public void readFully(byte[] to, int offset, int length) throws IOException {
      if (length > kept.bytes.length - position) {
        throw new EOFException(kept.file.path() + " ends before its end");
      }
      read(to, offset, length);
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long to) {
      position = Math.toIntExact(to);
    }
  }
}
