package io.tapelake.notebooks;

import io.tapelake.jobs.cli.VaultOptions;
import io.tapelake.jobs.outcome.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kernel}: what Jupyter starts for a notebook. */
@Command(
    name = "kernel",
    description = "Serves a notebook; Jupyter starts it ('./tapelake notebook' installs it there).")
final class KernelCommand implements Callable<Integer> {

  @Mixin private VaultOptions options = new VaultOptions();

  @Parameters(paramLabel = "CONNECTION", description = "the connection file that Jupyter made")
  private Path connectionFile;

  @Override
  public Integer call() throws Exception {
    SqlKernel kernel = SqlKernel.open(options);
    JupyterConnection connection =
        new Connection(KernelConnectionProperties.parse(Files.readString(connectionFile)));
    kernel.becomeHandlerForConnection(connection);
    kernel.onStartup();
    connection.connect();
    connection.waitUntilClose();
    return ExitCode.DONE.code();
  }

  /** Sockets on which a client that comes back takes the place of its former self. */
  private static final class Connection extends JupyterConnection {
    Connection(KernelConnectionProperties properties) throws GeneralSecurityException {
      super(properties);
      shell.setRouterHandover(true);
      control.setRouterHandover(true);
      stdin.setRouterHandover(true);
    }
  }
}
