/** The exchange's official files as people have them, read row by row. */
package io.tapelake.collector.official;
