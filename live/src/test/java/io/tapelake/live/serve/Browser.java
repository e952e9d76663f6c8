package io.tapelake.live.serve;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Headless Chromium, as the distribution has it; nothing is fetched. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  Browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.addArguments("--headless=new", "--disable-gpu", "--window-size=1400,1100");
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox");
    }
    options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver"))
                .build(),
            options);
  }

  /** Whether there is one on this machine. */
  static boolean isThere() {
    return program("chromium") != null && program("chromedriver") != null;
  }

  void open(String address) {
    driver.get(address);
  }

  /** What a script gives. */
  Object ask(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** Waits until a script gives a text. */
  void await(String script, String expected) {
    new WebDriverWait(driver, PATIENCE, Duration.ofMillis(20))
        .withMessage(() -> script + " is " + ask(script) + ", not " + expected)
        .until(any -> expected.equals(String.valueOf(ask(script))));
  }

  /**
   * What the page holds in memory: objects, nodes and buffers, without what nobody needs any more.
   */
  long heldBytes() {
    driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
    Map<String, Object> usage = driver.executeCdpCommand("Runtime.getHeapUsage", Map.of());
    return Stream.of("usedSize", "embedderHeapUsedSize", "backingStorageSize")
        .mapToLong(part -> ((Number) usage.getOrDefault(part, 0)).longValue())
        .sum();
  }

  /** What the page complained of. */
  List<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(Object::toString)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static File program(String name) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return program.toFile();
      }
    }
    return null;
  }
}
