package io.tapelake.live.serve;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Stands before everything else: turns away who may not ask, and tells browsers what is allowed.
 */
final class Gate extends Handler.Wrapper {

  /** Everything comes from here, nothing is asked of anybody else, nobody may frame it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final int FORBIDDEN = 403;
  private static final int UNKNOWN = 401;
  private static final int SEE_OTHER = 303;

  private final Access access;

  Gate(Access access, Handler behind) {
    super(behind);
    this.access = access;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("Content-Security-Policy", POLICY);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    String refusal = access.refusal(request);
    if (refusal != null) {
      Answer.text(response, callback, FORBIDDEN, refusal + "\n");
      return true;
    }
    if (isProbe(request) || access.isKnown(request)) {
      return super.handle(request, response, callback);
    }
    Fields query = Request.extractQueryParameters(request);
    if (access.isToken(query.getValue("token"))) {
      welcome(request, response, callback);
      return true;
    }
    headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    Answer.text(
        response,
        callback,
        UNKNOWN,
        "a token is asked for: open /?token=TOKEN once, or send it as a bearer token\n");
    return true;
  }

  /** Puts the token into a cookie, and takes it out of the address. */
  private void welcome(Request request, Response response, Callback callback) {
    String secure = request.isSecure() ? "; Secure" : "";
    response
        .getHeaders()
        .put(
            HttpHeader.SET_COOKIE,
            "%s=%s; Path=/; HttpOnly; SameSite=Strict%s"
                .formatted(Access.COOKIE, access.token(), secure));
    response.getHeaders().put(HttpHeader.LOCATION, "/");
    Answer.text(response, callback, SEE_OTHER, "");
  }

  /** What a supervisor asks; it tells nothing of the tape. */
  private static boolean isProbe(Request request) {
    String path = Request.getPathInContext(request);
    return path.equals("/livez") || path.equals("/readyz");
  }
}
