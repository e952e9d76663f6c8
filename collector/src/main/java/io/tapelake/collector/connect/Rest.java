package io.tapelake.collector.connect;

import io.tapelake.collector.decode.RestAnswer;
import java.util.function.Consumer;

/** Asks the exchange's REST interface. */
public interface Rest {

  /**
   * Asks for a path with its query. The answer, or the failure to get one, always comes, on the
   * capture's own thread.
   */
  void get(String pathAndQuery, Consumer<RestAnswer> then);
}
