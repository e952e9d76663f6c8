package io.tapelake.collector.simulate;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.tapelake.collector.simulate.exchange.Outbox;
import java.util.concurrent.TimeUnit;

/** A WebSocket client at the other end of a TCP connection. */
final class Wire implements Outbox {

  /** How long a client may take to read a close frame. */
  private static final int CLOSE_SECONDS = 1;

  /** How long a frozen connection is kept, in case its client never closes it. */
  private static final int FROZEN_SECONDS = 600;

  private final Channel channel;
  private boolean frozen;

  Wire(Channel channel, int bufferBytes) {
    this.channel = channel;
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bufferBytes / 2, bufferBytes));
  }

  /** Closes a connection so that the other end sees a reset. */
  static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  boolean isFrozen() {
    return frozen;
  }

  @Override
  public void send(String text) {
    write(new TextWebSocketFrame(text));
  }

  @Override
  public void sendBinary(byte[] bytes) {
    write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
  }

  @Override
  public void sendRaw(byte[] bytes) {
    write(Unpooled.wrappedBuffer(bytes));
  }

  @Override
  public void ping() {
    write(new PingWebSocketFrame());
  }

  @Override
  public void flush() {
    if (!frozen) {
      channel.flush();
    }
  }

  @Override
  public boolean isFull() {
    return !channel.isWritable();
  }

  @Override
  public void close(int code, String reason) {
    if (frozen || !WebSocketCloseStatus.isValidStatusCode(code)) {
      channel.close();
      return;
    }
    channel
        .writeAndFlush(new CloseWebSocketFrame(code, reason))
        .addListener(ChannelFutureListener.CLOSE);
    closeAfter(CLOSE_SECONDS);
  }

  @Override
  public void drop() {
    channel.close();
  }

  @Override
  public void reset() {
    reset(channel);
  }

  @Override
  public void freeze() {
    frozen = true;
    channel.config().setAutoRead(false);
    closeAfter(FROZEN_SECONDS);
  }

  private void write(Object message) {
    if (!frozen) {
      channel.write(message, channel.voidPromise());
    }
  }

  private void closeAfter(int seconds) {
    channel.eventLoop().schedule(() -> channel.close(), seconds, TimeUnit.SECONDS);
  }
}
