package io.tapelake.jobs.store;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The logs of Delta tables on S3: a commit is an object that the store makes only when there is
 * none of its name (a conditional put), whoever else writes at the same moment. Delta's own for S3
 * sees to that within one process only.
 */
public final class ConditionalLogStore extends HadoopFileSystemLogStore {

  /** For Delta, by its name. */
  public ConditionalLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      lines.writeBytes((actions.next() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = lines.toByteArray();
    if (!overwrite && files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    try {
      ObjectVaultStore.write(
          overwrite ? files.create(path, true) : VaultStores.createNew(files, path),
          out -> out.write(bytes));
    } catch (IOException e) {
      if (overwrite || !files.exists(path)) {
        throw e;
      }
      if (!has(files, path, bytes)) {
        throw (IOException) new FileAlreadyExistsException(path.toString()).initCause(e);
      }
      // It is this one: the answer to the first attempt was lost.
    }
  }

  private static boolean has(FileSystem files, Path path, byte[] bytes) throws IOException {
    try (InputStream in = files.open(path)) {
      return Arrays.equals(in.readAllBytes(), bytes);
    }
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }
}
