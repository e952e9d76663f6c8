package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PagesTest {

  private static final int MOST_WORDS = 1_500;
  private static final int MOST_WORDS_OF_README = 650;
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void linksLeadSomewhere() throws Exception {
    int links = 0;
    for (Path page : Pages.all()) {
      Matcher link = LINK.matcher(withoutCode(page));
      while (link.find()) {
        if (!link.group(1).startsWith("https://")) {
          assertLeadsSomewhere(page, link.group(1));
          links++;
        }
      }
    }
    assertThat(links).isGreaterThan(40);
  }

  private static void assertLeadsSomewhere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    assertThat(target).as("%s: %s", page, link).exists();
    if (parts.length == 2) {
      assertThat(anchors(target)).as("%s: %s", page, link).contains(parts[1]);
    }
  }

  /** As GitHub makes them of headings. */
  private static List<String> anchors(Path page) throws IOException {
    return withoutCode(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutCode(Path page) throws IOException {
    return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "").replaceAll("`[^`\n]*`", "");
  }

  @Test
  void pagesAreShortAndSayWhatTheyAreFor() throws Exception {
    Path readme = Command.project().resolve("README.md");
    for (Path page : Pages.all()) {
      String text = Files.readString(page);
      assertThat(text.split("\\s+"))
          .as("words of %s", page)
          .hasSizeLessThan(page.equals(readme) ? MOST_WORDS_OF_README : MOST_WORDS);
      if (page.getParent().endsWith("docs")) {
        assertThat(text).as("%s", page).containsPattern("^# [^\n]+\n\nThis page ");
      }
    }
  }

  /** A block of commands is run by a test, or says why it is not. */
  @Test
  void everyBlockOfCommandsIsMarked() throws Exception {
    for (Path page : Pages.forUsers()) {
      List<String> lines = Files.readAllLines(page);
      boolean isInside = false;
      for (String line : lines) {
        if (line.startsWith("```")) {
          isInside = !isInside;
          assertThat(line).as("%s", page).matches("```|```sh|```sh not-run: .+");
        }
        assertThat(isInside || !line.startsWith("    tapelake ")).as("%s: %s", page, line).isTrue();
      }
    }
  }
}
