package io.tapelake.collector.history;

import java.time.Duration;

/**
 * How the exchange is asked for history.
 *
 * @param restUrl base of REST requests
 * @param archiveUrl base of the official files
 * @param fileSpacing least time between two files
 * @param restSpacing least time between two REST requests
 * @param throttlePause how long to wait when the exchange says that it throttles; doubles each time
 * @param retryPause how long to wait after any other failure, at first; doubles each time
 */
public record FetchSettings(
    String restUrl,
    String archiveUrl,
    Duration fileSpacing,
    Duration restSpacing,
    Duration throttlePause,
    Duration retryPause) {}
