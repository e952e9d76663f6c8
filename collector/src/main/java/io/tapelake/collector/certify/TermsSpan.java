package io.tapelake.collector.certify;

import io.tapelake.vault.Contract;
import java.time.Instant;

/**
 * The trades of a day that carry the same contract terms.
 *
 * @param firstId the lowest of their ids
 * @param lastId the highest
 * @param from the earliest event time
 * @param to the latest
 */
record TermsSpan(Contract contract, long firstId, long lastId, Instant from, Instant to) {}
