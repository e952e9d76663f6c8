package io.tapelake.jobs.store;

import io.tapelake.vault.FirstBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A vault in an object store, such as S3: a file appears as a whole when its writing ends, in place
 * of what was there, and is never changed. What grows or is cut off is copied: by the store itself
 * where that is S3 and the file is large enough, otherwise by this process.
 */
final class ObjectVaultStore extends HadoopVaultStore {

  /** A larger file is copied by the store itself, which may not be there for a moment. */
  private static final long SMALL_BYTES = 4L << 20;

  private static final String S3 = "s3a";

  private final FileSystem files;

  /** What S3 can do by itself; null in other stores. */
  private final S3Objects objects;

  ObjectVaultStore(Path root, Configuration configuration) throws IOException {
    super(root, configuration);
    files = root.getFileSystem(configuration);
    objects = S3.equals(files.getScheme()) ? S3Objects.of(files) : null;
  }

  @Override
  public void replace(String path, Content content) throws IOException {
    write(files.create(at(path), true), content);
  }

  /** Writes an object, which appears when all of it is written, and not otherwise. */
  static void write(FSDataOutputStream file, Content content) throws IOException {
    try {
      OutputStream out = new BufferedOutputStream(file, 1 << 16);
      content.writeTo(out);
      out.flush();
    } catch (IOException | RuntimeException | Error e) {
      // Closing it would put what there is in place of the file.
      if (file.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
        file.abort();
      }
      throw e;
    }
    file.close();
  }

  @Override
  public long mostOfALog() {
    return 128L << 10;
  }

  @Override
  public void append(String path, long length, byte[] bytes) throws IOException {
    if (objects != null && objects.copies(length)) {
      objects.rewrite(at(path), length, bytes);
      return;
    }
    replace(
        path,
        out -> {
          copyStart(path, length, out);
          out.write(bytes);
        });
  }

  @Override
  public void truncate(String path, long length) throws IOException {
    append(path, length, new byte[0]);
  }

  @Override
  public void move(String from, String to) throws IOException {
    FileStatus status = files.getFileStatus(at(from));
    if (objects != null && status.isFile() && status.getLen() <= S3Objects.LARGEST_COPY) {
      // Who slept before it finds nothing to copy when a successor has taken it away.
      objects.copy(at(from), at(to));
      delete(from);
      return;
    }
    if (status.isDirectory() || status.getLen() > SMALL_BYTES) {
      super.move(from, to);
      return;
    }
    byte[] bytes = read(from);
    replace(to, out -> out.write(bytes));
    delete(from);
  }

  private void copyStart(String path, long length, OutputStream out) throws IOException {
    if (length == 0) {
      return;
    }
    try (InputStream in = new FirstBytes(open(path, 0), length)) {
      if (in.transferTo(out) < length) {
        throw new IOException(path + " ends before its first " + length + " bytes");
      }
    }
  }
}
