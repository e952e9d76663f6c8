package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Trades go through the packages in one direction: none needs itself by way of others. */
final class PackagesTest {

  private static final Pattern OURS =
      Pattern.compile("\\b(io\\.tapelake\\.jobs(?:\\.[a-z]+)*)\\.[A-Z]");

  @Test
  void thereIsNoCircle() throws IOException {
    Map<String, Set<String>> needs = needs(Launcher.module().resolve("src/main/java"));
    assertThat(needs).hasSizeGreaterThan(15);
    // Takes away whatever needs nothing that is left; in a circle nobody is free.
    List<String> order = new ArrayList<>();
    while (order.size() < needs.size()) {
      String free =
          needs.keySet().stream()
              .filter(each -> !order.contains(each) && order.containsAll(needs.get(each)))
              .findFirst()
              .orElse(null);
      assertThat(free)
          .as("a package outside of the circles that are left of %s", rest(needs, order))
          .isNotNull();
      order.add(free);
    }
  }

  private static Map<String, Set<String>> rest(Map<String, Set<String>> needs, List<String> order) {
    Map<String, Set<String>> rest = new TreeMap<>(needs);
    rest.keySet().removeAll(order);
    rest.values().forEach(each -> each.removeAll(order));
    return rest;
  }

  private static Map<String, Set<String>> needs(Path sources) throws IOException {
    Map<String, Set<String>> needs = new TreeMap<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String name = sources.relativize(file.getParent()).toString().replace('/', '.');
        Set<String> needed = needs.computeIfAbsent(name, key -> new TreeSet<>());
        Matcher matcher = OURS.matcher(Files.readString(file));
        while (matcher.find()) {
          needed.add(matcher.group(1));
        }
        needed.remove(name);
      }
    }
    return needs;
  }
}
