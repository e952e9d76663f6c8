package io.tapelake.live.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * One browser at the stream. It gets one message at a time; whoever has not taken the last one when
 * the next is due misses it, and gets a snapshot once he has.
 */
public final class Client extends Session.Listener.AbstractAutoDemanding {

  /** Who takes nothing for so long is let go. */
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  private final Publisher publisher;

  /** The instrument that is watched; null at first. Used by the publisher's thread alone. */
  private String watched;

  private boolean isMissing;

  private volatile boolean isSending;
  private volatile long sentAtNanos;

  Client(Publisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    super.onWebSocketOpen(session);
    publisher.join(this);
  }

  @Override
  public void onWebSocketText(String message) {
    String instrument = null;
    try (JsonParser json = TapeJson.JSON.createParser(message)) {
      if (json.nextToken() == JsonToken.START_OBJECT
          && "watch".equals(json.nextFieldName())
          && json.nextToken() == JsonToken.VALUE_STRING) {
        instrument = json.getText();
      }
    } catch (IOException e) {
      // Told below, together with messages that are no question.
    }
    if (instrument == null || !DayFile.isInstrument(instrument)) {
      getSession().close(1008, "send {\"watch\":\"INSTID\"}", Callback.NOOP);
      return;
    }
    publisher.watch(this, instrument);
  }

  @Override
  public void onWebSocketClose(int code, String reason) {
    publisher.leave(this);
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    publisher.leave(this);
  }

  // ---- by the publisher's thread

  String watched() {
    return watched;
  }

  void watched(String instrument) {
    watched = instrument;
    isMissing = true;
  }

  /** Whether it has to get a snapshot, and can take it. */
  boolean wantsSnapshot() {
    return isMissing && !isSending;
  }

  /** Whether it has taken nothing for too long. */
  boolean isStuck(long now) {
    return isSending && now - sentAtNanos > PATIENCE_NANOS;
  }

  /** Sends a change, or remembers that one is missing. */
  boolean change(String message, long now) {
    if (isSending || isMissing) {
      isMissing = true;
      return false;
    }
    send(message, now);
    return true;
  }

  void snapshot(String message, long now) {
    isMissing = false;
    send(message, now);
  }

  void disconnect() {
    getSession().disconnect();
  }

  private void send(String message, long now) {
    isSending = true;
    sentAtNanos = now;
    getSession()
        .sendText(
            message, Callback.from(() -> isSending = false, failure -> publisher.leave(this)));
  }
}
