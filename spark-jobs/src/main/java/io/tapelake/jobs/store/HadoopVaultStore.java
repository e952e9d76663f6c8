package io.tapelake.jobs.store;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * A vault on a file system of Hadoop's, such as HDFS or S3. Appending and truncating copy the file,
 * since object stores can do neither.
 */
final class HadoopVaultStore implements VaultStore {

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
      if (file.hasCapability("hsync")) {
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

  @Override
  public void append(String path, long length, byte[] bytes) throws IOException {
    replace(
        path,
        out -> {
          copyStart(path, length, out);
          out.write(bytes);
        });
  }

  @Override
  public void truncate(String path, long length) throws IOException {
    replace(path, out -> copyStart(path, length, out));
  }

  @Override
  public void delete(String path) throws IOException {
    files.delete(at(path), true);
  }

  @Override
  public String uri(String path) {
    return at(path).toString();
  }

  private void copyStart(String path, long length, java.io.OutputStream out) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long left = length;
    if (left == 0) {
      return;
    }
    try (InputStream in = open(path, 0)) {
      while (left > 0) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (count < 0) {
          throw new IOException(path + " ends before its first " + length + " bytes");
        }
        out.write(chunk, 0, count);
        left -= count;
      }
    }
  }

  private Path at(String path) {
    return path.isEmpty() ? root : new Path(root, path);
  }
}
