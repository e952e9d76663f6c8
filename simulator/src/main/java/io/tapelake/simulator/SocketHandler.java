package io.tapelake.simulator;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.tapelake.simulator.exchange.Session;

/** Hands a client's WebSocket messages to its session. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class SocketHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

  private final WebSocketServerHandshaker handshaker;
  private final Wire wire;
  private final Session session;

  SocketHandler(WebSocketServerHandshaker handshaker, Wire wire, Session session) {
    this.handshaker = handshaker;
    this.wire = wire;
    this.session = session;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (wire.isFrozen()) {
      return;
    }
    if (frame instanceof TextWebSocketFrame text) {
      session.receive(text.text());
    } else if (frame instanceof PingWebSocketFrame ping) {
      context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
    } else if (frame instanceof CloseWebSocketFrame close) {
      handshaker.close(context, close.retain()).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    session.closed();
    wire.forgetWaiting();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      wire.close(1009, "Request is too long");
    } else {
      context.close();
    }
  }
}
