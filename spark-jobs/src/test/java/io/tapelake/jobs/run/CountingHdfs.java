package io.tapelake.jobs.run;

import java.io.IOException;
import java.util.EnumSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Progressable;

/** HDFS that tells how many bytes were read of each file, and how many written to it. */
public final class CountingHdfs extends DistributedFileSystem {

  private static final SortedMap<String, long[]> COUNTS = new TreeMap<>();

  static void clear() {
    synchronized (COUNTS) {
      COUNTS.clear();
    }
  }

  /** A line a file: times opened, bytes read, bytes written. */
  static String counted() {
    synchronized (COUNTS) {
      StringBuilder text = new StringBuilder();
      COUNTS.forEach(
          (path, each) ->
              text.append("%5d %9d %9d %s%n".formatted(each[0], each[1], each[2], path)));
      return text.toString();
    }
  }

  private static void count(Path path, int which, long more) {
    synchronized (COUNTS) {
      COUNTS.computeIfAbsent(path.toUri().getPath(), key -> new long[3])[which] += more;
    }
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    FSDataInputStream in = super.open(path, bufferSize);
    count(path, 0, 1);
    return new FSDataInputStream(
        new FSInputStream() {
          @Override
          public int read() throws IOException {
            int read = in.read();
            count(path, 1, read < 0 ? 0 : 1);
            return read;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count(path, 1, Math.max(read, 0));
            return read;
          }

          @Override
          public void seek(long position) throws IOException {
            in.seek(position);
          }

          @Override
          public long getPos() throws IOException {
            return in.getPos();
          }

          @Override
          public boolean seekToNewSource(long target) throws IOException {
            return in.seekToNewSource(target);
          }

          @Override
          public void close() throws IOException {
            in.close();
          }
        });
  }

  private static FSDataOutputStream counting(Path path, FSDataOutputStream out) throws IOException {
    long start = out.getPos();
    return new FSDataOutputStream(out, null, start) {
      private boolean isClosed;

      @Override
      public void close() throws IOException {
        if (!isClosed) {
          isClosed = true;
          count(path, 2, getPos() - start);
        }
        super.close();
      }
    };
  }

  /** The other ways to create a file come by here. */
  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress,
      Options.ChecksumOpt checksum)
      throws IOException {
    return counting(
        path,
        super.create(
            path, permission, flags, bufferSize, replication, blockSize, progress, checksum));
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress)
      throws IOException {
    return counting(path, super.append(path, bufferSize, progress));
  }
}
