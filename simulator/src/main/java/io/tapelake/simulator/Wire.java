package io.tapelake.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
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
import io.tapelake.simulator.exchange.Outbox;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A WebSocket client at the other end of a TCP connection. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class Wire implements Outbox {

  /** How long a client may take to read a close frame. */
  private static final int CLOSE_SECONDS = 1;

  /** How long a frozen connection is kept, in case its client never closes it. */
  private static final int FROZEN_SECONDS = 600;

  /** A little more than is written at once when much happens. */
  private static final int BATCH_BYTES = 32 * 1024;

  private static final int FIN_TEXT = 0x81;

  private final Channel channel;
  private final boolean deflate;
  private ByteBuf waiting;
  private boolean frozen;

  /**
   * The client of a connection: how many bytes may wait to be sent, and whether messages may have
   * to be compressed.
   */
  Wire(Channel channel, int bufferBytes, boolean deflate) {
    this.channel = channel;
    this.deflate = deflate;
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bufferBytes / 2, bufferBytes));
  }

  /** Closes a connection so that the other end sees a reset. */
  static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  /** Gives back what was never sent. */
  void forgetWaiting() {
    if (waiting != null) {
      waiting.release();
      waiting = null;
    }
  }

  boolean isFrozen() {
    return frozen;
  }

  /**
   * Where nothing has to be compressed, messages are put together: a frame of its own costs more.
   */
  @Override
  public void send(String text) {
    if (deflate) {
      write(new TextWebSocketFrame(text));
    } else if (!frozen && channel.isOpen()) {
      append(text);
    }
  }

  private void append(String text) {
    if (waiting == null) {
      waiting = channel.alloc().buffer(BATCH_BYTES);
    }
    int length = ByteBufUtil.utf8Bytes(text);
    waiting.writeByte(FIN_TEXT);
    if (length < 126) {
      waiting.writeByte(length);
    } else if (length < 1 << 16) {
      waiting.writeByte(126).writeShort(length);
    } else {
      waiting.writeByte(127).writeLong(length);
    }
    waiting.writeCharSequence(text, StandardCharsets.UTF_8);
    if (waiting.readableBytes() >= BATCH_BYTES - 1024) {
      writeWaiting();
    }
  }

  private void writeWaiting() {
    if (waiting != null) {
      ByteBuf batch = waiting;
      waiting = null;
      channel.write(batch, channel.voidPromise());
    }
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
      writeWaiting();
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
    writeWaiting();
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
    forgetWaiting();
    channel.config().setAutoRead(false);
    closeAfter(FROZEN_SECONDS);
  }

  private void write(Object message) {
    if (!frozen) {
      writeWaiting();
      channel.write(message, channel.voidPromise());
    }
  }

  private void closeAfter(int seconds) {
    channel.eventLoop().schedule(() -> channel.close(), seconds, TimeUnit.SECONDS);
  }
}
