/**
 * The lines of a day file as they are read: which of them are trades, why others are refused, and
 * which repeat a trade. The job, the live page and their tests read with it.
 */
package io.tapelake.tape;
