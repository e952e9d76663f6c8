package io.tapelake.jobs;

import org.opentest4j.TestAbortedException;

/** Stands in until the job is merged: tests that need it are skipped. */
public final class Tapelake {

  private Tapelake() {}

  public static int execute(String... arguments) {
    throw new TestAbortedException("the job is not here yet");
  }
}
