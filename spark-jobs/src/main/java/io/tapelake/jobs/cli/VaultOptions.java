package io.tapelake.jobs.cli;

import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.commit.VaultLease;
import io.tapelake.jobs.commit.VaultLock;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ListText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options that every verb takes. */
public final class VaultOptions {

  private static final Path DEFAULT_CONFIG = Path.of("conf", "jobs.properties");

  /** Examples: {@code local[4]}, {@code local[*,3]}, {@code yarn}, {@code spark://host:7077}. */
  private static final Pattern MASTER =
      Pattern.compile(
          "local(\\[(\\*|[1-9]\\d{0,3})(\\s*,\\s*\\d{1,9})?])?|local-cluster\\[.+]|yarn|(spark|k8s)://.+");

  @Option(
      names = "--vault",
      paramLabel = "DIR",
      description = "the vault's folder or URI (default: vault.root of the configuration)")
  private String vault;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "configuration file (default: $TAPELAKE_CONFIG, or conf/jobs.properties where there is"
              + " one)")
  private Path config;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[4] or spark://host:7077 (default: local[*])")
  private String master;

  @Option(names = "--verbose", description = "show each step, and stack traces of failures")
  private boolean verbose;

  private JobProperties properties;

  JobProperties properties() {
    if (properties == null) {
      properties = JobProperties.load(configFile());
    }
    return properties;
  }

  /** The configuration's file, or null. */
  public Path configFile() {
    String named = System.getenv("TAPELAKE_CONFIG");
    if (config != null || (named != null && !named.isEmpty())) {
      return config != null ? config : Path.of(named);
    }
    return Files.exists(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null;
  }

  /** The Spark master that was asked for, or null. */
  public String master() {
    if (master != null && !MASTER.matcher(master).matches()) {
      throw JobException.usage(
          "--master '%s' is none of Spark's; give one such as local[4] or spark://host:7077"
              .formatted(master));
    }
    return master;
  }

  boolean verbose() {
    return verbose;
  }

  /** The vault's folder or URI. */
  public String root() {
    return vault == null ? properties().vaultRoot() : vault;
  }

  /**
   * The vault's files.
   *
   * @throws JobException usage when there is no such vault, or one without raw trades
   */
  public VaultStore openVault() throws IOException {
    String root = root();
    if (VaultStores.isLocal(root) && !Files.isDirectory(VaultStores.localPath(root))) {
      throw JobException.usage(
          "there is no vault at %s; give --vault DIR, or make one with './tapelake demo'"
              .formatted(root));
    }
    return VaultStores.open(root, VaultStores.configuration());
  }

  /** The vault's files, of which there has to be a raw one. */
  VaultStore openVaultWithTrades() throws IOException {
    VaultStore store = openVault();
    for (VaultStore.Entry folder : store.list(DayFile.RAW_ROOT)) {
      if (DayFile.isInstrument(folder.name()) && mayHaveTrades(store, folder)) {
        return store;
      }
    }
    if (!store.list(CursorFiles.FOLDER).isEmpty()) {
      return store;
    }
    throw JobException.usage(
        "the vault %s has no trades: there is no file %s/{INSTID}/{YYYY-MM-DD}.jsonl; './tapelake collect' writes them"
            .formatted(root(), DayFile.RAW_ROOT));
  }

  /** Whether there is a day file; also when nobody can look, which is for the run to tell. */
  private static boolean mayHaveTrades(VaultStore store, VaultStore.Entry folder) {
    try {
      return folder.isUnknown()
          || store.list(DayFile.RAW_ROOT + "/" + folder.name()).stream()
              .anyMatch(file -> DayFile.dayOf(file.name()) != null);
    } catch (IOException e) {
      return true;
    }
  }

  /** Takes the vault for one run. */
  VaultHold lockVault(Clock clock) {
    return VaultStores.isLocal(root())
        ? VaultLock.acquire(root(), clock)
        : VaultLease.acquire(root(), VaultStores.configuration(), clock);
  }

  /** Keeps runs from changing the vault while it is read, as far as this process may. */
  AutoCloseable holdToRead(Clock clock) {
    try {
      return lockVault(clock);
    } catch (JobException e) {
      if (e.exitCode() != ExitCode.USAGE) {
        throw e;
      }
      return VaultStores.isLocal(root()) ? VaultLock.share(root()) : () -> {};
    }
  }

  /** The instruments of an option, or of the configuration; empty for all. */
  Set<String> instruments(String option) {
    List<String> names = option == null ? properties().instruments() : ListText.parse(option);
    if (option != null && names.isEmpty()) {
      throw JobException.usage(
          "--instruments '%s' names none; without this option all take part".formatted(option));
    }
    for (String name : names) {
      if (!DayFile.isInstrument(name)) {
        throw JobException.usage(
            "'%s' is not an instrument's name; give names such as BTC-USDT-SWAP,ETH-USDT-SWAP"
                .formatted(name));
      }
    }
    return new TreeSet<>(names);
  }

  /** The instant of an option, or null. */
  static Instant instant(String name, String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw JobException.usage(
          "%s '%s' is not an instant; give one such as 2025-12-14T21:35:00Z".formatted(name, text),
          e);
    }
  }
}
