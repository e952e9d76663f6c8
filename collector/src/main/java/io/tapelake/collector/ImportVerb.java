package io.tapelake.collector;

import io.tapelake.collector.history.FileImport;
import io.tapelake.collector.history.ImportRequest;
import io.tapelake.collector.history.ImportResult;
import io.tapelake.collector.history.TermsBook;
import io.tapelake.collector.official.BadFileException;
import io.tapelake.collector.official.OfficialFile;
import io.tapelake.collector.settings.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import}: the exchange's official trade files into the raw files. */
@Command(
    name = "tapelake import",
    sortOptions = false,
    description = {
      "Imports OKX's official trade files, as downloaded: zip or csv, daily or monthly, of one"
          + " instrument or of the whole venue, today's columns or the legacy ones. Trades that the"
          + " raw files hold already are left out, so importing twice changes nothing, and an import"
          + " that was interrupted is continued by starting it again. A running collector need not"
          + " be stopped.",
    },
    footerHeading = "%n",
    footer = {
      "Every file is read to its end before anything of any file is imported. A file that is",
      "damaged, or has too many bad rows (more than 10 and more than one in a hundred), is named and",
      "left alone, and the exit code is 4; so it is when single rows were refused.",
    })
final class ImportVerb implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private VerbOptions options;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Such as BTC-USDT-SWAP-trades-2026-09-01.zip")
  private List<Path> files;

  @Option(
      names = "--instrument",
      paramLabel = "INSTID",
      description = "Whose trades the files hold, where neither rows nor name say it")
  private String instrument;

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      split = ",",
      description = "Which of a venue's file to take. Default: all swaps")
  private Set<String> instruments = new TreeSet<>();

  @Option(
      names = "--terms",
      paramLabel = "INSTID=ctVal,ctMult,ctType[@SINCE]",
      description =
          "Contract terms of times before the vault's metadata history begins, such as"
              + " BTC-USDT-SWAP=0.01,1,linear@2020-03-20T08:00:00Z; may be given several times")
  private List<String> terms = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Path vault = options.settings().vault();
    TermsBook book = new TermsBook(vault, terms);
    ImportRequest request = ImportRequest.all(instrument, instruments);
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new UsageException("There is no file " + file + "; give files as downloaded.");
      }
    }
    Map<FileImport, String> whole = new LinkedHashMap<>();
    int bad = check(vault, book, request, whole);
    boolean incomplete = bad > 0 || isAnyAbsent(request, whole.keySet(), bad);
    return merge(whole) || incomplete ? HistoryVerbs.NEEDS_PERSON : Collector.DONE;
  }

  /** Whether an instrument that was asked for is in none of the files: a slip, most likely. */
  private static boolean isAnyAbsent(ImportRequest request, Set<FileImport> whole, int bad)
      throws UsageException {
    Set<String> absent = new TreeSet<>(request.only());
    Set<String> held = new TreeSet<>();
    for (FileImport one : whole) {
      absent.removeAll(one.instruments());
      held.addAll(one.instruments());
      held.addAll(one.others());
    }
    if (absent.isEmpty()) {
      return false;
    }
    String what =
        "None of the files holds trades of %s; they hold those of %s. Correct --instruments."
            .formatted(
                String.join(", ", absent), held.isEmpty() ? "nobody" : String.join(", ", held));
    if (bad == 0 && absent.size() == request.only().size()) {
      throw new UsageException(what);
    }
    Collector.complain(what);
    return true;
  }

  /** Looks at all files; returns how many are left alone. */
  private int check(
      Path vault, TermsBook book, ImportRequest request, Map<FileImport, String> whole)
      throws TermsBook.UnknownTermsException {
    int bad = 0;
    for (Path path : files) {
      OfficialFile file = new OfficialFile(path);
      FileImport one = new FileImport(vault, file, request, book, Clock.systemUTC());
      try {
        one.check();
        whole.put(one, file.name());
      } catch (BadFileException e) {
        Collector.complain(e.getMessage());
        bad++;
      } catch (IOException e) {
        leftAlone(file.name(), e);
        bad++;
      }
    }
    return bad;
  }

  private static void leftAlone(String file, Exception failure) {
    Collector.complain(file + " is left alone: " + failure.getMessage());
  }

  /** Returns whether a person has to look at something. */
  private boolean merge(Map<FileImport, String> whole) {
    PrintWriter out = spec.commandLine().getOut();
    boolean needsPerson = false;
    long added = 0;
    long rows = 0;
    int done = 0;
    long start = System.nanoTime();
    for (Map.Entry<FileImport, String> one : whole.entrySet()) {
      ImportResult result;
      try {
        result = one.getKey().merge("import");
      } catch (IOException | BadFileException e) {
        leftAlone(one.getValue(), e);
        needsPerson = true;
        continue;
      }
      needsPerson |= result.needsPerson();
      added += result.added();
      rows += result.rows();
      done++;
      out.printf("%d/%d %s: %s%n", done, whole.size(), one.getValue(), result.text());
      out.flush();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        "imported %,d new trades of %,d rows in %.1f s%s%n",
        added, rows, seconds, added > 0 ? "; ./tapelake run takes them up" : "");
    out.flush();
    return needsPerson;
  }
}
