package io.tapelake.jobs.read;

import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** A raw file on a file system of Hadoop's, plain or compressed; offsets are of its plain bytes. */
public final class RawFileBytes implements RawBytes {

  private final Path path;
  private final FileSystem files;

  public RawFileBytes(String uri, Configuration configuration) throws IOException {
    path = new Path(uri);
    FileSystem found = path.getFileSystem(configuration);
    // The checksummed view of a local disk would look for a checksum file beside every raw file.
    files = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    try {
      return open(path, offset);
    } catch (FileNotFoundException e) {
      // A day may be archived while a run is reading it: its plain bytes are the same.
      Path other = new Path(path.getParent(), DayFile.otherForm(path.getName()));
      if (!files.exists(other)) {
        throw e;
      }
      return open(other, offset);
    }
  }

  private InputStream open(Path file, long offset) throws IOException {
    return DayFile.isArchived(file.getName())
        ? ArchivedDay.open(at -> stored(file, at), offset)
        : stored(file, offset);
  }

  private InputStream stored(Path file, long offset) throws IOException {
    FSDataInputStream in = files.open(file);
    if (offset > 0) {
      in.seek(offset);
    }
    return in;
  }
}
