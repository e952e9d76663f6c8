package io.tapelake.jobs.oracle;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trade on its way to becoming a line: the JSON text of each value, in the writer's order of
 * keys, so that a value can be made anything.
 *
 * @param time the event time that the line is about, for building as-of instants around it
 */
record Draft(Instant time, Map<String, String> values) {

  Draft {
    values = new LinkedHashMap<>(values);
  }

  /** This with another value, as JSON text; in its old place when the key is there already. */
  Draft with(String key, String json) {
    Draft changed = new Draft(time, values);
    changed.values.put(key, json);
    return changed;
  }

  Draft withText(String key, String text) {
    return with(key, quoted(text));
  }

  Draft without(String key) {
    Draft changed = new Draft(time, values);
    changed.values.remove(key);
    return changed;
  }

  /** The value of a key that is a string without escapes. */
  String text(String key) {
    String json = values.get(key);
    return json.substring(1, json.length() - 1);
  }

  /** As the collector writes it. */
  String compact() {
    StringBuilder line = new StringBuilder("{");
    values.forEach((key, json) -> line.append(quoted(key)).append(':').append(json).append(','));
    line.setCharAt(line.length() - 1, '}');
    return line.toString();
  }

  static String quoted(String plain) {
    return '"' + plain + '"';
  }
}
