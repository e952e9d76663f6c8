package io.tapelake.collector.capture;

import io.tapelake.collector.observe.Complaints;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with one instrument: said at once, and again at growing intervals while it lasts.
 */
final class Troubles {

  private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

  private final String instrument;
  private final Clock steady;
  private final Complaints complaints = new Complaints();
  private final Map<Trouble, String> texts = new EnumMap<>(Trouble.class);

  Troubles(String instrument, Clock steady) {
    this.instrument = instrument;
    this.steady = steady;
  }

  /** Takes note of a trouble. */
  void trouble(Trouble kind, String text) {
    texts.put(kind, instrument + ": " + text);
    if (complaints.due(kind.name(), steady.instant())) {
      LOG.warn("{}: {}", instrument, text);
    }
  }

  /** Takes note that a trouble is over. */
  void well(Trouble kind) {
    if (!texts.isEmpty() && texts.remove(kind) != null) {
      LOG.info("{}: {} are well again", instrument, kind.name().toLowerCase(Locale.ROOT));
    }
  }

  /** What is wrong; empty when nothing is. */
  List<String> texts() {
    return List.copyOf(texts.values());
  }

  /** What of it is only for a person to know, and keeps nothing from being recorded. */
  List<String> news() {
    String unseen = texts.get(Trouble.TERMS_UNSEEN);
    return unseen == null ? List.of() : List.of(unseen);
  }
}
