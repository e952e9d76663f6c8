package io.tapelake.simulator;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.tapelake.simulator.exchange.Answer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/** Sends long bodies: made in a file by another thread, so that pushes go on meanwhile. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes its connection
final class Downloads {

  private Downloads() {}

  static void send(ChannelHandlerContext context, Answer answer) {
    CompletableFuture.supplyAsync(() -> make(answer.download()))
        .whenCompleteAsync((file, failure) -> reply(context, answer, file), context.executor());
  }

  /** An open file without a name, or null when it cannot be made. */
  private static FileChannel make(Answer.Download download) {
    try {
      Path file = Files.createTempFile("download", null);
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      try {
        // Not closed: that would close the file, and so delete it.
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
        download.writeTo(out);
        out.flush();
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      return channel;
    } catch (IOException e) {
      return null;
    }
  }

  private static void reply(ChannelHandlerContext context, Answer answer, FileChannel file) {
    try {
      if (file == null) {
        Wire.reset(context.channel());
        return;
      }
      long size = file.size();
      HttpResponse response =
          new DefaultHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, size);
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      context.write(response);
      context.write(new DefaultFileRegion(file, 0, size));
      ChannelFuture sent = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      sent.addListener(ChannelFutureListener.CLOSE);
    } catch (IOException e) {
      Wire.reset(context.channel());
    }
  }
}
