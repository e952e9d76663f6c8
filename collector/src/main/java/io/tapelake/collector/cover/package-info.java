/** Which trade ids are in, which are missing, and what to ask for next. No I/O here. */
package io.tapelake.collector.cover;
