/** What was said on the command line and in the configuration file. */
package io.tapelake.collector.settings;
