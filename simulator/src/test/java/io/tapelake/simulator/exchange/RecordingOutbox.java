package io.tapelake.simulator.exchange;

import java.util.ArrayList;
import java.util.List;

/** A client that keeps what it is sent. */
final class RecordingOutbox implements Outbox {

  final List<String> texts = new ArrayList<>();
  final List<String> acts = new ArrayList<>();
  boolean full;

  /** What was sent since the last time. */
  List<String> take() {
    List<String> taken = List.copyOf(texts);
    texts.clear();
    return taken;
  }

  @Override
  public void send(String text) {
    texts.add(text);
  }

  @Override
  public void sendBinary(byte[] bytes) {
    acts.add("binary");
  }

  @Override
  public void sendRaw(byte[] bytes) {
    acts.add("raw");
  }

  @Override
  public void ping() {
    acts.add("ping");
  }

  @Override
  public void flush() {}

  @Override
  public boolean isFull() {
    return full;
  }

  @Override
  public void close(int code, String reason) {
    acts.add("close " + code);
  }

  @Override
  public void drop() {
    acts.add("drop");
  }

  @Override
  public void reset() {
    acts.add("reset");
  }

  @Override
  public void freeze() {
    acts.add("freeze");
  }
}
