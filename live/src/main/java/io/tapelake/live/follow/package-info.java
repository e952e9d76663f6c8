/**
 * Follows a vault's raw files: finds instruments and days, reads what is new, and notices what was
 * replaced. It only ever reads, and needs nobody who writes.
 */
package io.tapelake.live.follow;
