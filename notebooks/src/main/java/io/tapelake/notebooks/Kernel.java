package io.tapelake.notebooks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.outcome.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Makes the kernel known to Jupyter, for this user. */
final class Kernel {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Kernel() {}

  /** Writes to where Jupyter looks for it that a launcher is the command that starts the kernel. */
  static void install(String launcher, Map<String, String> environment) throws IOException {
    Path folder = dataFolder(environment).resolve("kernels/tapelake");
    ObjectNode kernel = JSON.createObjectNode();
    kernel.putArray("argv").add(launcher).add("kernel").add("{connection_file}");
    kernel.put("display_name", "Tapelake SQL").put("language", "sql");
    kernel.put("interrupt_mode", "message");
    kernel.putObject("env").put("TAPELAKE_BUILD", "off");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw JobException.usage(
          "cannot make %s: set JUPYTER_DATA_DIR to a folder of yours".formatted(folder), e);
    }
    Path fresh = Files.createTempFile(folder, "kernel", ".new");
    Files.writeString(fresh, kernel.toPrettyString() + "\n");
    Files.move(fresh, folder.resolve("kernel.json"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path dataFolder(Map<String, String> environment) {
    String jupyter = environment.getOrDefault("JUPYTER_DATA_DIR", "");
    if (!jupyter.isEmpty()) {
      return Path.of(jupyter);
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    return data.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".local", "share", "jupyter")
        : Path.of(data, "jupyter");
  }
}
