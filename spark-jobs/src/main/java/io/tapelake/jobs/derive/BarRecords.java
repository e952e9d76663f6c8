package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.publish.BarsTable;
import io.tapelake.jobs.publish.PackedRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** An instrument's minutes with trades, as the tasks before have left them. */
final class BarRecords implements Closeable {

  private static final PackedRow.Layout LAYOUT = PackedRow.Layout.of(BarsTable.schema());

  private final Iterator<Unit.Section> sections;
  private final String vaultUri;
  private final Configuration configuration;
  private DataInputStream in;
  private int left;

  /**
   * A minute.
   *
   * @param bytes from which {@link #bar} makes it again
   */
  record Record(MinuteBar bar, byte[] bytes) {
    long minute() {
      return bar.minute();
    }
  }

  BarRecords(List<Unit.Section> sections, String vaultUri, Configuration configuration) {
    this.sections = sections.iterator();
    this.vaultUri = vaultUri;
    this.configuration = configuration;
  }

  /** The next minute; null behind the last. */
  Record next() throws IOException {
    while (left == 0) {
      close();
      if (!sections.hasNext()) {
        return null;
      }
      Unit.Section section = sections.next();
      in = ScratchFile.open(configuration, vaultUri, section.path(), section.offset());
      left = section.count();
    }
    left--;
    PackedRow row = PackedRow.readFrom(in, LAYOUT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    row.writeTo(new DataOutputStream(bytes));
    return new Record(BarsTable.bar(row), bytes.toByteArray());
  }

  /** The minute that bytes tell. */
  static MinuteBar bar(byte[] bytes) {
    try {
      return BarsTable.bar(
          PackedRow.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)), LAYOUT));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
  }
}
