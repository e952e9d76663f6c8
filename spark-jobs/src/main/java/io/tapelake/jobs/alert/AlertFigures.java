package io.tapelake.jobs.alert;

/**
 * What a run did about alerts.
 *
 * @param sent alerts that the webhook took
 * @param printed alerts that were printed
 * @param pending alerts that wait for a later run
 * @param givenUp alerts that will not be sent any more
 */
public record AlertFigures(long sent, long printed, long pending, long givenUp) {

  public static final AlertFigures NONE = new AlertFigures(0, 0, 0, 0);

  /** Whether there is anything to tell. */
  public boolean isNone() {
    return equals(NONE);
  }
}
