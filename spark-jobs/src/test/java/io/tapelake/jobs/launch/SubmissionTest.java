package io.tapelake.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SubmissionTest {

  @Test
  void argumentsArePartedInEitherForm() throws Exception {
    Submission submission =
        of("--vault", "v", "--executor-memory=1g", "--conf", "a=b", "--master", "spark://h:1");
    assertThat(submission.words())
        .containsExactly("run", "--vault", "v", "--master", "spark://h:1");
    assertThat(submission.command("Main", "program.jar", List.of()))
        .containsExactly(
            "--executor-memory",
            "1g",
            "--conf",
            "a=b",
            "--master",
            "spark://h:1",
            "--class",
            "Main",
            "program.jar",
            "run",
            "--vault",
            "v",
            "--master",
            "spark://h:1");
  }

  @Test
  void jarsOfTheCommandLineAreAddedToThoseOfTheProgram() throws Exception {
    assertThat(of("--jars", "mine.jar").command("Main", "program.jar", List.of("jobs.jar")))
        .startsWith("--jars", "jobs.jar,mine.jar");
  }

  @Test
  void whatStandsBehindTwoDashesIsTheJobs() throws Exception {
    Submission submission = of("--driver-memory", "3g", "--", "--conf", "a=b");
    assertThat(submission.driverMemory()).isEqualTo("3g");
    assertThat(submission.words()).containsExactly("run", "--", "--conf", "a=b");
    assertThat(submission.isLocal()).isTrue();
  }

  @Test
  void masterThatNobodyKnowsGoesToTheJobAlone() throws Exception {
    Submission submission = of("--master", "nonsense");
    assertThat(submission.isLocal()).isFalse();
    assertThat(submission.command("Main", "program.jar", List.of()))
        .containsExactly("--class", "Main", "program.jar", "run", "--master", "nonsense");
  }

  @Test
  void onlyLocalMastersWithoutOptionsNeedNoSubmit() throws Exception {
    assertThat(of().isLocal()).isTrue();
    assertThat(of("--master", "local[4]").isLocal()).isTrue();
    assertThat(of("--master", "local-cluster[1,1,1]").isLocal()).isFalse();
    assertThat(of("--conf", "a=b").isLocal()).isFalse();
  }

  @Test
  void optionWithoutItsValueIsNamed() {
    assertThatThrownBy(() -> of("--vault", "v", "--packages"))
        .isInstanceOf(Submission.UsageException.class)
        .hasMessageContaining("--packages");
  }

  private static Submission of(String... arguments) throws Exception {
    return Submission.of("run", List.of(arguments));
  }
}
