/** Bytes of raw files into trades: lines, their validation, duplicates, refused lines. No Spark. */
package io.tapelake.jobs.read;
