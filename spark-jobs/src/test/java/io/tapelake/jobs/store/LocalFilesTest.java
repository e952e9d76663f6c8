package io.tapelake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It leaves and tells what Hadoop's own local file system does. */
final class LocalFilesTest {

  @TempDir private java.nio.file.Path folder;

  @Test
  void doesWhatHadoopsDoes() throws IOException {
    java.nio.file.Path ours = Files.createDirectory(folder.resolve("ours"));
    java.nio.file.Path hadoops = Files.createDirectory(folder.resolve("hadoops"));
    List<String> told = work(ours, VaultStores.configuration(), LocalFiles.class);
    // Else it takes the first one that any jar has for local files, and that is Hive's.
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", LocalFileSystem.class.getName());
    assertThat(told).isEqualTo(work(hadoops, configuration, LocalFileSystem.class));
    assertThat(left(ours)).isEqualTo(left(hadoops)).containsKey("context/.renamed.crc");
  }

  @Test
  void anEntryOfTheLogThatHasGoneSinceIsEmpty() throws IOException {
    java.nio.file.Path log = Files.createDirectory(folder.resolve("_delta_log"));
    Files.writeString(log.resolve("0.json"), "{}");
    try (FileSystem files = FileSystem.newInstance(folder.toUri(), VaultStores.configuration())) {
      FileStatus entry = files.listStatus(at(folder, "_delta_log"))[0];
      Files.delete(log.resolve("0.json"));
      assertThat(entry.getPath().getName()).isEqualTo("0.json");
      assertThat(entry.getLen()).isZero();
    }
  }

  private static List<String> work(
      java.nio.file.Path root, Configuration configuration, Class<?> type) throws IOException {
    List<String> told = new ArrayList<>();
    try (FileSystem files = FileSystem.newInstance(root.toUri(), configuration)) {
      assertThat(files).isExactlyInstanceOf(type);
      Path file = at(root, "system/a file");
      files.mkdirs(file.getParent());
      files.create(file).close();
      files.setPermission(file, new FsPermission("604"));
      files.mkdirs(at(root, "sticky"));
      files.setPermission(at(root, "sticky"), new FsPermission("1777"));
      Files.createSymbolicLink(root.resolve("link"), root.resolve("system"));
      for (String name : List.of("system/a file", "system", "link", "missing")) {
        told.add(status(root, () -> files.getFileLinkStatus(at(root, name))));
        told.add(status(root, () -> files.getFileStatus(at(root, name))));
      }
      files.create(at(root, "_delta_log/0.json")).close();
      files.mkdirs(at(root, "_delta_log/_sidecars"));
      Files.createSymbolicLink(root.resolve("_delta_log/link"), root.resolve("system"));
      for (String name : List.of("_delta_log", "system", "_delta_log/0.json")) {
        for (FileStatus each : files.listStatus(at(root, name))) {
          told.add(status(root, () -> each));
        }
      }
      told.add(status(root, () -> files.listStatus(at(root, "missing/_delta_log"))[0]));
    }
    FileContext context = FileContext.getFileContext(root.toUri(), configuration);
    Path file = at(root, "context/written");
    context.create(file, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent()).close();
    context.rename(file, at(root, "context/renamed"));
    for (String name : List.of("context/renamed", "link", "missing")) {
      told.add(status(root, () -> context.getFileLinkStatus(at(root, name))));
    }
    try (var out = context.create(at(root, "context/written"), EnumSet.of(CreateFlag.CREATE))) {
      out.write("again".getBytes(StandardCharsets.UTF_8));
    }
    told.add(
        status(
            root,
            () -> {
              context.rename(at(root, "context/written"), at(root, "context/renamed"));
              return null;
            }));
    told.sort(null);
    return told;
  }

  private static Path at(java.nio.file.Path root, String name) {
    return new Path(root.resolve(name).toUri());
  }

  /** Something that may fail. */
  private interface Question {
    FileStatus ask() throws IOException;
  }

  private static String status(java.nio.file.Path root, Question question) {
    try {
      FileStatus status = question.ask();
      return "%s %d bytes, folder %s, link %s, %s of %s:%s, block %d, of %d"
          .formatted(
              root.toUri().relativize(status.getPath().toUri()),
              status.getLen(),
              status.isDirectory(),
              status.isSymlink(),
              status.getPermission(),
              status.getOwner(),
              status.getGroup(),
              status.getBlockSize(),
              status.getModificationTime() / 1_000_000);
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }

  /** Everything below a folder with its permissions. */
  private static SortedMap<String, String> left(java.nio.file.Path root) throws IOException {
    SortedMap<String, String> left = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (java.nio.file.Path path : paths.toList()) {
        left.put(
            root.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
    return left;
  }
}
