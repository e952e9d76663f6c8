package io.tapelake.jobs.increment;

import io.tapelake.jobs.alert.Alert;
import io.tapelake.jobs.alert.AlertFigures;
import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.alert.AlertQueue;
import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.alert.Webhook;
import io.tapelake.jobs.outcome.Steps;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Prints and posts the alerts that wait, in the order of their minutes, for a short time. */
record AlertDelivery(
    AlertFile file, AlertSettings settings, Clock clock, Duration budget, PrintStream out) {

  /** What posting may take of a run. */
  static final Duration BUDGET = Duration.ofSeconds(2);

  /** With less than this part of the budget left no post is begun, which might be cut off. */
  private static final int LEAST_PART = 8;

  /** Tells what waits, and {@code warn} what went wrong. */
  AlertFigures deliver(AlertQueue queue, Instant asOf, Consumer<String> warn) throws IOException {
    queue.expire(asOf);
    file.writeIfChanged(queue);
    long printed = settings.stdout() ? print(queue, warn) : 0;
    long sent = settings.webhook() == null ? 0 : post(queue, warn);
    if (queue.givenUp() > 0) {
      warn.accept(
          "%,d alerts were given up: %s".formatted(queue.givenUp(), AlertQueue.WHY_GIVEN_UP));
    }
    return new AlertFigures(sent, printed, queue.size(), queue.givenUp());
  }

  private long print(AlertQueue queue, Consumer<String> warn) throws IOException {
    List<Alert> alerts = queue.toPrint();
    if (alerts.isEmpty()) {
      return 0;
    }
    alerts.forEach(alert -> out.print(alert.line() + "\n"));
    if (out.checkError()) {
      warn.accept("alerts could not be printed: standard output is closed");
      return 0;
    }
    Steps.done(Steps.ALERT_TOLD);
    queue.printed();
    file.writeIfChanged(queue);
    return alerts.size();
  }

  private long post(AlertQueue queue, Consumer<String> warn) throws IOException {
    if (!queue.isDue(clock.instant())) {
      return 0;
    }
    long end = System.nanoTime() + budget.toNanos();
    Webhook webhook = new Webhook(settings.webhook());
    long sent = 0;
    for (Optional<Alert> next = queue.toPost(); next.isPresent(); next = queue.toPost()) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.compareTo(budget.dividedBy(LEAST_PART)) < 0) {
        break;
      }
      Webhook.Answer answer = webhook.post(next.get(), left);
      if (!answer.isTaken()) {
        failed(queue, next.get(), answer, warn);
        break;
      }
      Steps.done(Steps.ALERT_TOLD);
      sent++;
      queue.posted(next.get());
      file.writeIfChanged(queue);
    }
    return sent;
  }

  private void failed(AlertQueue queue, Alert alert, Webhook.Answer answer, Consumer<String> warn)
      throws IOException {
    if (answer.isRefusal()) {
      queue.refused(alert, clock.instant());
    } else {
      queue.unanswered(clock.instant());
    }
    file.writeIfChanged(queue);
    warn.accept(
        "%s did not take an alert (%s); %,d wait until %s"
            .formatted(
                settings.webhook().getHost(), answer.words(), queue.posts(), queue.nextTry()));
  }
}
