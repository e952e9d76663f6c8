package io.tapelake.jobs.store;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Opens vaults. */
public final class VaultStores {

  private VaultStores() {}

  /**
   * The vault at a root.
   *
   * @param root a path of the local file system, or a URI such as {@code hdfs://…} or {@code
   *     s3a://…}
   */
  public static VaultStore open(String root, Configuration configuration) throws IOException {
    return isLocal(root)
        ? new LocalVaultStore(localPath(root))
        : new HadoopVaultStore(new Path(root), configuration);
  }

  /** Whether a root lies on a local disk. */
  public static boolean isLocal(String root) {
    return root.startsWith("file:") || !root.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  /** The path of a local root. */
  public static java.nio.file.Path localPath(String root) {
    return root.startsWith("file:")
        ? java.nio.file.Path.of(URI.create(root).getPath())
        : java.nio.file.Path.of(root);
  }
}
