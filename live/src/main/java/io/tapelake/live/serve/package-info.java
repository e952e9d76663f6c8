/**
 * The page, the questions it can ask, and the stream of changes: HTTP and WebSocket on one port.
 */
package io.tapelake.live.serve;
