/** What the exchange says, decoded: messages of the socket and answers of REST. */
package io.tapelake.collector.decode;
