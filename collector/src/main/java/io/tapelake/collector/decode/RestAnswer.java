package io.tapelake.collector.decode;

import java.time.Duration;

/**
 * What came of a REST request.
 *
 * @param status the HTTP status; 0 when there was none
 * @param body the text of the answer; null when there was none
 * @param failure why there is no answer; null when there is one
 * @param retryAfter how long the server asked us to wait; null when it did not
 */
public record RestAnswer(int status, String body, String failure, Duration retryAfter) {

  /** An answer that arrived. */
  public static RestAnswer of(int status, String body) {
    return new RestAnswer(status, body, null, null);
  }

  /** No answer. */
  public static RestAnswer failed(String failure) {
    return new RestAnswer(0, null, failure, null);
  }
}
