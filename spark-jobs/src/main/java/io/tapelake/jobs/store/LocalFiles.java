package io.tapelake.jobs.store;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
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
 * Hadoop's local file system as it is, but for what it has done by programs of the operating system
 * where its native library is missing: {@code chmod} for every file and folder that it makes,
 * {@code readlink} for every name of a rename, {@code ls} for every file of a listing. A small run
 * started two hundred processes for that.
 *
 * <p>The log of a table is listed by name: a week of minutes leaves twenty thousand files there,
 * and Delta looks at the fifty behind the last checkpoint.
 */
public final class LocalFiles extends LocalFileSystem {

  /** What Hadoop is told to use it for {@code file:}, through either of its interfaces. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "fs.file.impl", LocalFiles.class.getName(),
          "fs.AbstractFileSystem.file.impl", OfContext.class.getName());

  private static final String DELTA_LOG = "_delta_log";

  private static final List<Predicate<Path>> REFUSED = new CopyOnWriteArrayList<>();

  /** What is only read until it is closed. */
  @FunctionalInterface
  public interface Refusal extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Refuses to make, to move and to delete what lies at some paths; who tries it gets a {@link
   * ReadOnlyFileSystemException}.
   */
  public static Refusal refuse(Predicate<Path> paths) {
    REFUSED.add(paths);
    return () -> REFUSED.remove(paths);
  }

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
      if (permission.getStickyBit() || !isPosix(file)) {
        super.setPermission(path, permission);
        return;
      }
      String symbols =
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL;
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(symbols));
    }

    private void checkChange(Path path) {
      Path place = path.makeQualified(getUri(), getWorkingDirectory());
      if (REFUSED.stream().anyMatch(paths -> paths.test(place))) {
        throw new ReadOnlyFileSystemException();
      }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      checkChange(from);
      checkChange(to);
      return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      checkChange(path);
      return super.delete(path, recursive);
    }

    @Override
    public boolean truncate(Path path, long length) throws IOException {
      checkChange(path);
      return super.truncate(path, length);
    }

    /** What the process makes has the rights that its umask leaves, not those of a setting. */
    @Override
    protected OutputStream createOutputStreamWithMode(
        Path path, boolean append, FsPermission permission) throws IOException {
      checkChange(path);
      return super.createOutputStreamWithMode(path, append, null);
    }

    @Override
    protected boolean mkOneDirWithMode(Path path, File folder, FsPermission permission)
        throws IOException {
      if (!folder.exists()) {
        checkChange(path);
      }
      return super.mkOneDirWithMode(path, folder, null);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      File file = pathToFile(path);
      if (!isPosix(file.toPath())) {
        return super.getFileStatus(path);
      }
      try {
        return new Status(
            file,
            Files.readAttributes(file.toPath(), BasicFileAttributes.class),
            getDefaultBlockSize(path),
            new Path(file.getPath()).makeQualified(getUri(), getWorkingDirectory()));
      } catch (NoSuchFileException e) {
        throw (IOException)
            new FileNotFoundException("File " + path + " does not exist").initCause(e);
      }
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      File folder = pathToFile(path);
      if (!folder.getName().equals(DELTA_LOG) || !isPosix(folder.toPath())) {
        return super.listStatus(path);
      }
      String[] names = folder.list();
      if (names == null) {
        return super.listStatus(path);
      }
      // Put together from a folder and a name a path is parsed three times.
      URI parent = path.makeQualified(getUri(), getWorkingDirectory()).toUri();
      String prefix = new Path(parent.getPath()) + Path.SEPARATOR;
      long blockSize = getDefaultBlockSize(path);
      FileStatus[] entries = new FileStatus[names.length];
      for (int i = 0; i < names.length; i++) {
        Path entry = new Path(parent.getScheme(), parent.getAuthority(), prefix + names[i]);
        entries[i] = new LogEntry(new File(folder, names[i]), blockSize, entry);
      }
      return entries;
    }

    private static boolean isPosix(java.nio.file.Path file) {
      return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }

  /** Nothing is known of it but its name, until somebody asks. */
  private static final class LogEntry extends FileStatus {

    private static final long serialVersionUID = 1;

    private final File file;
    private final long blockSize;
    private Status found;

    LogEntry(File file, long blockSize, Path path) {
      super(0, false, 1, blockSize, 0, path);
      this.file = file;
      this.blockSize = blockSize;
    }

    /** Of a file that has gone since it was listed: none. */
    private FileStatus found() {
      if (found == null) {
        try {
          found =
              new Status(
                  file,
                  Files.readAttributes(file.toPath(), BasicFileAttributes.class),
                  blockSize,
                  getPath());
        } catch (NoSuchFileException e) {
          return new FileStatus(0, false, 1, blockSize, 0, getPath());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return found;
    }

    @Override
    public long getLen() {
      return found().getLen();
    }

    @Override
    public boolean isFile() {
      return found().isFile();
    }

    @Override
    public boolean isDirectory() {
      return found().isDirectory();
    }

    @Override
    public boolean isSymlink() {
      return found().isSymlink();
    }

    @Override
    public long getModificationTime() {
      return found().getModificationTime();
    }

    @Override
    public long getAccessTime() {
      return found().getAccessTime();
    }

    @Override
    public FsPermission getPermission() {
      return found().getPermission();
    }

    @Override
    public String getOwner() {
      return found().getOwner();
    }

    @Override
    public String getGroup() {
      return found().getGroup();
    }
  }

  /** What few ask for is looked up when they do. */
  private static final class Status extends FileStatus {

    private static final long serialVersionUID = 1;

    private final File file;
    private boolean isComplete;

    Status(File file, BasicFileAttributes found, long blockSize, Path path) {
      super(
          found.size(),
          found.isDirectory(),
          1,
          blockSize,
          found.lastModifiedTime().toMillis(),
          found.lastAccessTime().toMillis(),
          null,
          null,
          null,
          path);
      this.file = file;
    }

    @Override
    public FsPermission getPermission() {
      complete();
      return super.getPermission();
    }

    @Override
    public String getOwner() {
      complete();
      return super.getOwner();
    }

    @Override
    public String getGroup() {
      complete();
      return super.getGroup();
    }

    private void complete() {
      if (isComplete) {
        return;
      }
      try {
        PosixFileAttributes found = Files.readAttributes(file.toPath(), PosixFileAttributes.class);
        setPermission(
            FsPermission.valueOf("-" + PosixFilePermissions.toString(found.permissions())));
        setOwner(found.owner().getName());
        setGroup(found.group().getName());
        isComplete = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
