/**
 * What the tape comes to: the days of each instrument as they were read, its minutes, the figures
 * of those that are over and of the one that is not, and what is missing. No files, no network.
 */
package io.tapelake.live.market;
