package io.tapelake.jobs.store;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A vault on a local disk. Replaced and appended files are forced to disk, folders too. */
final class LocalVaultStore implements VaultStore {

  private final Path root;

  LocalVaultStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> paths = Files.list(at(folder))) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        try {
          entries.add(entry(path));
        } catch (NoSuchFileException e) {
          // Gone between listing and looking, or a link to nowhere: not there.
        } catch (IOException e) {
          entries.add(Entry.unknown(path.getFileName().toString()));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  @Override
  public List<String> names(String folder) throws IOException {
    try (Stream<Path> paths = Files.list(at(folder))) {
      return paths.map(path -> path.getFileName().toString()).toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(at(path));
  }

  @Override
  public Entry entry(String path) throws IOException {
    try {
      return entry(at(path));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Entry entry(Path path) throws IOException {
    BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
    return new Entry(
        path.getFileName().toString(),
        found.isDirectory(),
        found.isDirectory() ? 0 : found.size(),
        found.lastModifiedTime().toMillis());
  }

  @Override
  public InputStream open(String path, long offset) throws IOException {
    FileChannel channel = FileChannel.open(at(path), StandardOpenOption.READ);
    channel.position(offset);
    return Channels.newInputStream(channel);
  }

  @Override
  public void replace(String path, Content content) throws IOException {
    Path target = at(path);
    Files.createDirectories(target.getParent());
    Path temporary = temporary(target);
    try (FileOutputStream file = new FileOutputStream(temporary.toFile());
        BufferedOutputStream out = new BufferedOutputStream(file, 1 << 16)) {
      content.writeTo(out);
      out.flush();
      file.getFD().sync();
    }
    move(temporary, target);
  }

  @Override
  public void move(String from, String to) throws IOException {
    Files.createDirectories(at(to).getParent());
    move(at(from), at(to));
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // A folder of the vault lies on a disk of its own.
      Path beside = temporary(to);
      Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel copy = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        copy.force(true);
      }
      Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(from);
    }
    force(to.getParent());
  }

  private static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".tmp");
  }

  @Override
  public void append(String path, long length, byte[] bytes) throws IOException {
    Path target = at(path);
    boolean isNew = !Files.exists(target);
    Files.createDirectories(target.getParent());
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (channel.size() != length) {
        throw new IOException(
            target + " has " + channel.size() + " bytes where " + length + " were expected");
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      channel.position(length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (isNew) {
      force(target.getParent());
    }
  }

  @Override
  public void truncate(String path, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(at(path), StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    Path target = at(path);
    if (Files.exists(target)) {
      VaultStores.deleteAll(target);
    }
  }

  @Override
  public String uri(String path) {
    return VaultStores.uri(at(path));
  }

  private Path at(String path) {
    return root.resolve(path);
  }

  /** Makes a rename last: on POSIX a folder is forced like a file. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
