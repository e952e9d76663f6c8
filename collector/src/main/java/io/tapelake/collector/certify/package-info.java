/** What is proven of a day: certificates, and the journals that tell where its trades came from. */
package io.tapelake.collector.certify;
