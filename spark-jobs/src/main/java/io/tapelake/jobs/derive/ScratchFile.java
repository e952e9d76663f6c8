package io.tapelake.jobs.derive;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** A file that a task of a run hands on to a later one, made when something comes into it. */
final class ScratchFile implements Closeable {

  private final Configuration configuration;
  private final String vaultUri;
  private final String path;
  private Counting counting;
  private DataOutputStream out;

  /** Counts what goes through it. */
  private static final class Counting extends FilterOutputStream {

    private long count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }
  }

  ScratchFile(Configuration configuration, String vaultUri, String folder, String name) {
    this.configuration = configuration;
    this.vaultUri = vaultUri;
    path = "%s/%s-%s".formatted(folder, name, UUID.randomUUID());
  }

  /** Below the vault's root. */
  String path() {
    return path;
  }

  /** How many bytes went in. */
  long position() {
    return counting == null ? 0 : counting.count;
  }

  DataOutputStream out() throws IOException {
    if (out == null) {
      Path whole = new Path(vaultUri + "/" + path);
      counting =
          new Counting(
              new BufferedOutputStream(
                  whole.getFileSystem(configuration).create(whole, true), 1 << 16));
      out = new DataOutputStream(counting);
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }

  /** Reads a file from an offset on. */
  static DataInputStream open(
      Configuration configuration, String vaultUri, String path, long offset) throws IOException {
    Path whole = new Path(vaultUri + "/" + path);
    FSDataInputStream in = whole.getFileSystem(configuration).open(whole);
    in.seek(offset);
    return new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }
}
