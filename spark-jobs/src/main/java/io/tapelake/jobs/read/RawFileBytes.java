package io.tapelake.jobs.read;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** A raw file on a file system of Hadoop's, plain or compressed; offsets are of its plain bytes. */
public final class RawFileBytes implements RawBytes {

  private static final int GZIP_BUFFER = 1 << 16;

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
    FSDataInputStream in = files.open(path);
    if (DayFile.isArchived(path.getName())) {
      InputStream plain = new GZIPInputStream(in, GZIP_BUFFER);
      plain.skipNBytes(offset);
      return plain;
    }
    if (offset > 0) {
      in.seek(offset);
    }
    return in;
  }
}
