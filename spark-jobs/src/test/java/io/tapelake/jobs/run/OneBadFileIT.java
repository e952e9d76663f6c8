package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.plan.FileCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that cannot be taken stops nothing but its own instrument's day. */
final class OneBadFileIT {

  private static final String CUT = "raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl";
  private static final String DOUBLED = "raw/okx/trades_perps/BTC-USD-SWAP/2026-01-02.jsonl";

  @TempDir private Path folder;

  @Test
  void daysThatAreCutOrDoubledAreNamedAndAllElseIsDone() throws IOException {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260106);
    for (int i = 0; i < 16; i++) {
      trades.arriveWhole();
    }
    byte[] cut = Files.readAllBytes(vault.resolve(CUT));
    Files.delete(vault.resolve(CUT));
    byte[] archive = gzip(cut);
    Files.write(vault.resolve(CUT + ".gz"), Arrays.copyOf(archive, archive.length * 2 / 3));
    byte[] doubled = Files.readAllBytes(vault.resolve(DOUBLED));
    Files.write(vault.resolve(DOUBLED + ".gz"), gzip(Arrays.copyOf(doubled, doubled.length / 2)));

    Outputs.Ended left = Outputs.listenToRun(vault, trades.now());
    assertThat(left.exit()).as(left.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(left.complaints()).hasSize(2);
    assertThat(left.errors()).contains(CUT + ".gz is left alone", DOUBLED + " and 2026-01-02");
    assertThat(vault.resolve("derived/vwap/okx/perps/BTC-USDT-SWAP/vwap_1m.jsonl")).exists();

    Files.write(vault.resolve(CUT + ".gz"), archive);
    Files.delete(vault.resolve(DOUBLED + ".gz"));
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "whole again");
  }

  /** The consumed part grows at its end, and changes in its middle, in one moment. */
  @Test
  void anEditOfTheSameLengthInTheMiddleIsRepairedWithAWarning() throws IOException {
    Path vault = Files.createDirectory(folder.resolve("edited"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260107);
    for (int i = 0; i < 8; i++) {
      trades.arriveWhole();
    }
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Path file = vault.resolve(CUT);
    String text = Files.readString(file);
    assertThat(text.length()).isGreaterThan(3 * FileCursor.EDGE_BYTES);
    int price = text.indexOf("\"price\":\"10", text.length() / 2) + 9;
    Files.writeString(file, text.substring(0, price) + "9" + text.substring(price + 1));
    assertThat(Outputs.execute("verify", vault.toString())).isEqualTo(ExitCode.NEEDS_PERSON.code());
    trades.arriveWhole();
    Outputs.Ended ended = Outputs.listenToRun(vault, trades.now());
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.errors()).contains("warning: reading " + CUT);
    Outputs.assertSameAsBackfill(vault, trades.now(), "edited");
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }
}
