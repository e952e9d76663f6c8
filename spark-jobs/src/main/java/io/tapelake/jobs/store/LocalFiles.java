package io.tapelake.jobs.store;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system as it is, but for two things that it has done by programs of the
 * operating system where its native library is missing: {@code chmod} for every file and folder
 * that it makes, {@code readlink} for every name of a rename. A small run started two hundred
 * processes for that.
 */
public final class LocalFiles extends LocalFileSystem {

  /** What Hadoop is told to use it for {@code file:}, through either of its interfaces. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fs.file.impl", LocalFiles.class.getName(),
          "fs.AbstractFileSystem.file.impl", OfContext.class.getName());

  /** For Hadoop, by its name. */
  public LocalFiles() {
    super(new Raw());
  }

  /** The same without checksums, which both interfaces put on top of it. */
  private static final class Raw extends RawLocalFileSystem {

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      java.nio.file.Path file = pathToFile(path).toPath();
      // Java knows no sticky bit.
      if (permission.getStickyBit()
          || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        super.setPermission(path, permission);
        return;
      }
      String symbols =
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL;
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(symbols));
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /** What Hadoop's {@code FileContext} sees, which Delta renames its commits with. */
  static final class OfContext extends ChecksumFs {

    /** For Hadoop, by its signature. */
    OfContext(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(new RawOfContext(configuration));
    }
  }

  private static final class RawOfContext extends DelegateToFileSystem {

    private static final int NO_PORT = -1;

    RawOfContext(Configuration configuration) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI,
          new Raw(),
          configuration,
          FsConstants.LOCAL_FS_URI.getScheme(),
          false);
    }

    @Override
    public int getUriDefaultPort() {
      return NO_PORT;
    }

    /** The operating system has its own opinion of names. */
    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }
}
