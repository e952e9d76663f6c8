package io.tapelake.live.serve;

import io.tapelake.live.market.Tape;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of the stream that asks and then never reads. */
final class DeafClient {

  private DeafClient() {}

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1024);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    OutputStream out = socket.getOutputStream();
    String upgrade =
        "GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    out.write(upgrade.getBytes(StandardCharsets.US_ASCII));
    byte[] text = "{\"watch\":\"%s\"}".formatted(Tape.BTC).getBytes(StandardCharsets.US_ASCII);
    // A frame of text, masked with zeros.
    out.write(new byte[] {(byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0});
    out.write(text);
    out.flush();
    return socket;
  }
}
