package io.tapelake.collector.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Tells whether a folder lies on a file system that other hosts may write to. */
final class NetworkFiles {

  private static final Set<String> SHARED =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "ceph",
          "glusterfs",
          "lustre",
          "ocfs2",
          "gfs2",
          "beegfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "fuse.s3fs",
          "fuse.rclone");

  private NetworkFiles() {}

  /** The type of the shared file system that a folder lies on; null when it lies on none. */
  static String type(Path folder) {
    return type(folder, Path.of("/proc/self/mounts"));
  }

  /** The same by a table of mounts; without one nothing is known, and nothing is said. */
  static String type(Path folder, Path mounts) {
    try {
      Path real = folder.toRealPath();
      String found = null;
      int longest = -1;
      for (String line : Files.readAllLines(mounts, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(" ", -1);
        Path point = fields.length > 2 ? Path.of(fields[1].replace("\\040", " ")) : null;
        if (point != null && real.startsWith(point) && point.getNameCount() >= longest) {
          longest = point.getNameCount();
          found = fields[2];
        }
      }
      return found != null && SHARED.contains(found) ? found : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
