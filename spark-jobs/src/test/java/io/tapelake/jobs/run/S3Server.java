package io.tapelake.jobs.run;

import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/** An S3 server on loopback, as a process of its own, with one bucket; for this process, too. */
final class S3Server implements AutoCloseable {

  private static final Path JAR =
      Path.of(System.getProperty("basedir", ""), "target", "s3", "s3proxy.jar");
  private static final String BUCKET = "bucket";
  private static final String PREFIX = "spark.hadoop.";
  private static final int SECONDS_AT_MOST = 60;

  private final Process process;
  private final Map<String, String> settings;

  private S3Server(Process process, Map<String, String> settings) {
    this.process = process;
    this.settings = settings;
  }

  /** Starts one and waits until it answers. */
  static S3Server start(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is not there: this test needs Maven's package phase");
    }
    Files.createDirectories(folder.resolve("objects").resolve(BUCKET));
    int port = freePort();
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            """
            s3proxy.endpoint=http://127.0.0.1:%d
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=identity
            s3proxy.credential=credential
            jclouds.provider=filesystem
            jclouds.filesystem.basedir=%s
            """
                .formatted(port, folder.resolve("objects")));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.out").toFile())
            .start();
    S3Server server = new S3Server(process, settings(port));
    server.await(port, folder.resolve("s3proxy.out"));
    server.settings.forEach((key, value) -> System.setProperty(PREFIX + key, value));
    SparkSession.getDefaultSession()
        .foreach(
            session -> {
              server.settings.forEach(session.sparkContext().hadoopConfiguration()::set);
              return null;
            });
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Map<String, String> settings(int port) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put("fs.s3a.access.key", "identity");
    settings.put("fs.s3a.secret.key", "credential");
    settings.put("fs.s3a.input.stream.type", "classic");
    // The SDK sends a checksum with it that this server does not know.
    settings.put("fs.s3a.multiobjectdelete.enable", "false");
    return settings;
  }

  private void await(int port, Path output) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_AT_MOST);
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
    close();
    throw new IllegalStateException("the S3 server does not answer: " + Files.readString(output));
  }

  /** The URI of a folder of the bucket. */
  String uri(String folder) {
    return "s3a://" + BUCKET + "/" + folder;
  }

  FileSystem files() throws IOException {
    return FileSystem.get(URI.create(uri("")), VaultStores.configuration());
  }

  @Override
  public void close() {
    settings.keySet().forEach(key -> System.clearProperty(PREFIX + key));
    process.destroyForcibly();
  }
}
