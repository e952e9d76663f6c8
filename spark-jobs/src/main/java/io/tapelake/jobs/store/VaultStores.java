package io.tapelake.jobs.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import scala.Tuple2;

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
    if (isLocal(root)) {
      return new LocalVaultStore(localPath(root));
    }
    Path path = new Path(root);
    boolean grows =
        path.getFileSystem(configuration).hasPathCapability(path, CommonPathCapabilities.FS_APPEND);
    return grows
        ? new HadoopVaultStore(path, configuration)
        : new ObjectVaultStore(path, configuration);
  }

  /**
   * Hadoop's settings, with {@link LocalFiles}, {@link ConditionalLogStore}, and with those that
   * Spark was given as {@code spark.hadoop.…}.
   */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    LocalFiles.SETTINGS.forEach(configuration::set);
    configuration.setIfUnset(
        "io.delta.kernel.logStore.s3a.impl", ConditionalLogStore.class.getName());
    for (Tuple2<String, String> each : new SparkConf().getAllWithPrefix("spark.hadoop.")) {
      configuration.set(each._1(), each._2());
    }
    return configuration;
  }

  /**
   * Creates a file where there is none of its name: on object stores by a conditional put, when it
   * is closed.
   */
  public static FSDataOutputStream createNew(FileSystem files, Path path) throws IOException {
    FSDataOutputStreamBuilder<? extends FSDataOutputStream, ?> file = files.createFile(path);
    file.recursive();
    file.overwrite(false);
    file.opt("fs.option.create.conditional.overwrite", true);
    return file.build();
  }

  /** Whether a root lies on a local disk. */
  public static boolean isLocal(String root) {
    return root.startsWith("file:") || !root.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  /** The path of a local root; a URI is one of Hadoop's, in which nothing is escaped. */
  public static java.nio.file.Path localPath(String root) {
    return java.nio.file.Path.of(
        root.startsWith("file:") ? new Path(root).toUri().getPath() : root);
  }

  /**
   * A local path as Hadoop spells it, which leaves a space as it is: what reads it back does not
   * unescape.
   */
  public static String uri(java.nio.file.Path local) {
    return new Path(local.toUri()).toString();
  }

  /** Deletes a local file, or a folder with all that lies in it; where a link leads, all stays. */
  public static void deleteAll(java.nio.file.Path local) throws IOException {
    if (Files.isDirectory(local, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<java.nio.file.Path> inside = Files.newDirectoryStream(local)) {
        for (java.nio.file.Path each : inside) {
          deleteAll(each);
        }
      }
    }
    Files.delete(local);
  }
}
