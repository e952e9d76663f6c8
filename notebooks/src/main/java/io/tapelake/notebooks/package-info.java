/** Looking at a vault's tables: SQL cells in Jupyter, charts, and a day's report as a web page. */
package io.tapelake.notebooks;
