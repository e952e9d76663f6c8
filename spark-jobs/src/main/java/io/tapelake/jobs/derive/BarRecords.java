package io.tapelake.jobs.derive;

import io.tapelake.analytics.window.PackedBar;
import io.tapelake.analytics.window.VwapSums;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** An instrument's minutes with trades, as the tasks before have left them. */
final class BarRecords implements Closeable {

  private final Iterator<Unit.Section> sections;
  private final String vaultUri;
  private final Configuration configuration;
  private DataInputStream in;
  private int left;

  /**
   * A minute.
   *
   * @param sums those of VWAP
   * @param bytes from which {@link PackedBar#unpack} makes all of it
   */
  record Record(long minute, VwapSums sums, byte[] bytes) {}

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
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new Record(PackedBar.minute(bytes), PackedBar.vwap(bytes), bytes);
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
  }
}
