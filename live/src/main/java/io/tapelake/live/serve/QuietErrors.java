package io.tapelake.live.serve;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what went wrong by its status alone: what a request said is not repeated to it. */
final class QuietErrors implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Answer.text(response, callback, status, HttpStatus.getMessage(status) + "\n");
    return true;
  }
}
