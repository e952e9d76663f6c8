package io.tapelake.jobs.store;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What tasks of a backfill came to, each in a file of its own until the backfill counts: one that
 * was interrupted does not do it again. A result is named by all that it was made of, so that one
 * of other raw files is none.
 */
public final class KeptResults {

  private final VaultStore store;
  private final String folder;
  private final Set<String> names;

  /** The results that are kept in a folder below the vault's root. */
  public KeptResults(VaultStore store, String folder) throws IOException {
    this.store = store;
    this.folder = folder;
    names = new HashSet<>(store.names(folder));
  }

  /** The name of the result of some work. */
  public static String name(String stage, Serializable of) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (ObjectOutputStream out =
          new ObjectOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
        out.writeObject(of);
      }
      return stage + "-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The name of a folder for the results of a backfill, which another version of this program does
   * not take up.
   */
  public static String folder(String backfill) {
    String program = "";
    try {
      java.nio.file.Path jar =
          java.nio.file.Path.of(
              KeptResults.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      program = Files.size(jar) + " " + Files.getLastModifiedTime(jar);
    } catch (IOException | URISyntaxException e) {
      // Not from a file: then it is always the same one.
    }
    return name("backfill", backfill + " by " + program);
  }

  /** Keeps a result; called by the task that has it. */
  public static void keep(
      String vaultUri, Configuration configuration, String folder, String name, Serializable result)
      throws IOException {
    VaultStores.open(vaultUri, configuration)
        .replace(
            folder + "/" + name,
            out -> {
              ObjectOutputStream objects = new ObjectOutputStream(out);
              objects.writeObject(result);
              objects.flush();
            });
  }

  /**
   * By work the results that have not to be made again.
   *
   * @param name under which the result of a work is kept
   * @param isWhole whether the files that a result speaks of are there
   */
  public <W, R> Map<W, R> find(
      Collection<W> works, Function<W, String> name, Class<R> type, Predicate<R> isWhole) {
    Map<W, R> found = new ConcurrentHashMap<>();
    if (!names.isEmpty()) {
      works.parallelStream()
          .forEach(
              work -> {
                R result = read(name.apply(work), type);
                if (result != null && isWhole.test(result)) {
                  found.put(work, result);
                }
              });
    }
    return found;
  }

  private <R> R read(String name, Class<R> type) {
    if (!names.contains(name)) {
      return null;
    }
    try (ObjectInputStream objects = new ObjectInputStream(store.open(folder + "/" + name, 0))) {
      return type.cast(objects.readObject());
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      // Cut off, or of another version of this program.
      return null;
    }
  }

  /** Whether a file is there with so many bytes: one that a power cut left is shorter. */
  public static boolean isThere(String uri, long bytes, Configuration configuration) {
    try {
      Path path = new Path(uri);
      return path.getFileSystem(configuration).getFileStatus(path).getLen() == bytes;
    } catch (IOException e) {
      return false;
    }
  }
}
