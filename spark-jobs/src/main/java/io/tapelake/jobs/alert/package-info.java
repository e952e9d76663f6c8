/**
 * Signals of new minutes on their way to whoever wants to know of them at once: which wait, the
 * file that remembers them, and the webhook that takes them.
 */
package io.tapelake.jobs.alert;
