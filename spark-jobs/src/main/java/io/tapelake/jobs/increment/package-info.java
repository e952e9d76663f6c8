/**
 * What newly read files change, computed in this process block by block: minutes, rows, signals,
 * alerts.
 */
package io.tapelake.jobs.increment;
