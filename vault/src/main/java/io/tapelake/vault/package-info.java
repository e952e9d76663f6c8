/**
 * What a trade is and where it lies: everything the collector and the Spark jobs have to agree on.
 * Only the JDK is used here. FORMAT.md in this module describes the same things in prose.
 */
package io.tapelake.vault;
