package io.tapelake.simulator;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.tapelake.simulator.exchange.Admission;
import io.tapelake.simulator.exchange.Answer;
import io.tapelake.simulator.exchange.Endpoint;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.fault.FaultScript;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes HTTP requests: answers those for REST, lets WebSockets in. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class FrontDoor extends SimpleChannelInboundHandler<FullHttpRequest> {

  /** Not of the real exchange: the truth as it is now, and a place to post faults to. */
  private static final String TRUTH = "/simulator/truth";

  private static final String FAULTS = "/simulator/faults";

  private final Exchange exchange;

  private final boolean deflate;

  FrontDoor(Exchange exchange, boolean deflate) {
    this.exchange = exchange;
    this.deflate = deflate;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    QueryStringDecoder url = new QueryStringDecoder(request.uri());
    Endpoint endpoint = Endpoint.at(url.path());
    if (endpoint != null) {
      knock(context, request, endpoint);
    } else if (url.path().equals(TRUTH)) {
      reply(context, Answer.download("application/x-ndjson", this::writeTruth), false);
    } else if (request.method().equals(HttpMethod.GET)) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      exchange.get(url.path(), query(url), answer -> reply(context, answer, keepAlive));
    } else {
      reply(context, control(url.path(), request), false);
    }
  }

  private void knock(ChannelHandlerContext context, FullHttpRequest request, Endpoint endpoint) {
    Admission admission = exchange.admit();
    switch (admission) {
      case TOO_MANY -> reply(context, status(429), false);
      case UNAVAILABLE -> reply(context, status(503), false);
      case RESET -> Wire.reset(context.channel());
      case WELCOME -> letIn(context, request, endpoint);
    }
  }

  private void letIn(ChannelHandlerContext context, FullHttpRequest request, Endpoint endpoint) {
    // A longer frame than a request may be, so that the exchange can say that it is too long.
    int longest = 2 * exchange.limits().requestBytes();
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(endpoint.path(), null, true, longest)
            .newHandshaker(request);
    if (handshaker == null) {
      reply(context, status(426), false);
      return;
    }
    handshaker.handshake(context.channel(), request);
    Wire wire = new Wire(context.channel(), exchange.limits().bufferBytes(), deflate);
    context.pipeline().addLast(new WebSocketFrameAggregator(longest));
    context
        .pipeline()
        .addLast(new SocketHandler(handshaker, wire, exchange.connect(endpoint, wire)));
    context.pipeline().remove(this);
  }

  /** Takes more faults while the exchange runs. */
  private Answer control(String path, FullHttpRequest request) {
    if (!path.equals(FAULTS)) {
      return status(405);
    }
    String script = request.content().toString(StandardCharsets.UTF_8);
    try {
      exchange.inject(FaultScript.parse(script, exchange.now()));
      return status(200);
    } catch (IllegalArgumentException e) {
      return Answer.of(400, "text/plain", (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private void writeTruth(OutputStream out) throws IOException {
    Truth.write(exchange.tape(), exchange.now(), out);
  }

  private static Map<String, String> query(QueryStringDecoder url) {
    return url.parameters().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0)));
  }

  private static Answer status(int status) {
    return Answer.of(status, "text/plain", new byte[0]);
  }

  private static void reply(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
    if (answer == null) {
      Wire.reset(context.channel());
      return;
    }
    if (answer.download() != null) {
      Downloads.send(context, answer);
      return;
    }
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    if (keepAlive) {
      context.writeAndFlush(response);
    } else {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that sends no HTTP, or is gone.
    context.close();
  }
}
