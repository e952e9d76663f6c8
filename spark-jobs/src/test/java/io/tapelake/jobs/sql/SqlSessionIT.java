package io.tapelake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.tapelake.jobs.Tapelake;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.store.LocalFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL over a vault: what is in view, what is refused, how it is told, and the shell around it. */
final class SqlSessionIT {

  private static final Instant FIRST = Instant.parse("2026-01-02T10:00:00Z");
  private static final int MINUTES = 30;
  private static final AtomicLong MADE = new AtomicLong();

  @TempDir private static Path folder;

  private static Path vault;
  private SqlSession session;
  private VaultStore store;

  @BeforeEach
  void openVault() throws IOException {
    if (vault == null) {
      vault = folder.resolve("a [vault] {of,any} name *");
      writeTrades(vault);
      int code =
          Tapelake.execute(
              "run",
              "--vault",
              vault.toString(),
              "--master",
              "local[2]",
              "--as-of",
              "2026-01-02T12:00:00Z");
      assertThat(code).isZero();
    }
    store = VaultStores.open(vault.toString(), new Configuration());
    session = new SqlSession(SparkSession.active());
    session.open(store);
    session.begin();
  }

  @Test
  void viewsShowWhatTheLastFinishedRunLeft() throws IOException {
    SortedMap<String, Long> before = versions();
    assertThat(before)
        .containsOnlyKeys(
            "bars_1m",
            "vwap_1m",
            "bands_1m",
            "flow_1m",
            "sessions_1d",
            "volume_profile",
            "signals",
            "trades");
    // A run that has written one of its tables.
    session
        .spark()
        .table("bars_1m")
        .limit(5)
        .write()
        .format("delta")
        .mode("append")
        .save(store.uri("lake/bars_1m"));
    session.begin();
    assertThat(one("select count(*) from bars_1m").getLong(0)).isEqualTo(MINUTES);
    assertThat(one("select count(*) from lake.bars_1m").getLong(0)).isEqualTo(MINUTES + 5);
    assertThat(
            one("select count(*) from lake.bars_1m version as of " + before.get("bars_1m"))
                .getLong(0))
        .isEqualTo(MINUTES);
    assertThat(
            one("select max(version) from table_versions where table_name = 'bars_1m'").getLong(0))
        .isEqualTo(before.get("bars_1m") + 1);
    DeltaTable.forPath(session.spark(), store.uri("lake/bars_1m"))
        .restoreToVersion(before.get("bars_1m"));
  }

  @Test
  void readingLeavesTheTablesAsTheyAre() throws IOException {
    SortedMap<String, Long> before = versions();
    one("select count(*) from lake.vwap_1m");
    String path = vault.resolve("lake/vwap_1m").toString();
    String relative = Path.of("").toAbsolutePath().relativize(Path.of(path)).toString();
    one("create table if not exists default.mine using delta location '%s'".formatted(path));
    one("create temporary view over as select * from delta.`%s`".formatted(path));
    String own = "delta.`" + folder.resolve("own before") + "`";
    one("create table %s using delta as select * from lake.vwap_1m".formatted(own));
    Path link = Files.createSymbolicLink(folder.resolve("link"), vault);
    one("declare variable target string default 'lake.vwap_1m'");
    one("declare variable told string default 'delete from lake.vwap_1m'");
    one("create schema own");
    session.spark().sql("create schema early location '" + vault + "'");
    for (String statement :
        List.of(
            "delete from lake.vwap_1m",
            "/* all */ -- of it\ndelete from LAKE.vwap_1m as v where v.close > 0",
            "delete from delta.`" + store.uri("lake/vwap_1m") + "`",
            "delete from delta.`" + path + "`",
            "delete from delta.`" + relative + "`",
            "delete from mine",
            "delete from over",
            "delete from vwap_1m",
            "delete from identifier('lake.' || 'vwap_1m')",
            "with q as (select * from vwap_1m) insert into lake.vwap_1m select * from q",
            "from vwap_1m insert overwrite lake.vwap_1m select *",
            "merge into lake.vwap_1m v using vwap_1m w on v.minute = w.minute when matched then delete",
            "alter table delta.`" + path + "` set tblproperties ('a' = 'b')",
            "optimize '" + path + "'",
            "vacuum delta.`" + path + "`",
            "restore table lake.vwap_1m to version as of 0",
            "create table delta.`" + path + "_2` (a int) using delta",
            "create or replace table mine using delta location '" + path + "' as select 1 as a",
            "insert overwrite directory '" + vault.resolve("raw") + "' using parquet select 1",
            "execute immediate 'delete from lake.vwap_1m'",
            "execute immediate 'delete from ' || 'lake.vwap_1m'",
            "execute immediate told",
            "execute immediate 'delete from identifier(:t)' using 'lake.vwap_1m' as t",
            "delete from identifier(target)",
            "insert into identifier(target) select * from vwap_1m",
            "from vwap_1m insert into %s select * insert into lake.vwap_1m select *".formatted(own),
            "create or replace table copy shallow clone %s location '%s'".formatted(own, path),
            "create table made (a int) using delta location '" + path + "_2'",
            "create schema v location '" + vault + "'",
            "create schema v location '" + link + "/lake'",
            "create schema v location '" + folder + "'",
            "alter schema own set location '" + vault + "'",
            "drop schema early cascade",
            "create table early.x as select 1 as a",
            "insert overwrite directory '" + link + "/raw' using parquet select 1",
            "delete from delta.`" + link + "/lake/vwap_1m`",
            "drop schema lake cascade",
            "drop table lake.bars_1m")) {
      assertThatThrownBy(() -> one(statement), statement)
          .isInstanceOf(SqlError.class)
          .hasMessageContaining("job alone");
    }
    assertThat(versions()).isEqualTo(before);
    assertThat(one("select count(*) from delta.`" + path + "`").getLong(0)).isEqualTo(MINUTES);
    one("drop table mine");
    one("drop schema own");
  }

  @Test
  void noStatementChangesFilesOfTheVaultWhateverTheGuardKnows() throws IOException {
    Path file = vault.resolve("lake/kept");
    Files.createFile(file);
    VaultGuard guard = new VaultGuard(session.spark(), store);
    Path link = Files.createSymbolicLink(folder.resolve("way in"), vault.resolve("lake"));
    session.spark().sql("create schema way location '" + link + "'");
    String own = folder.resolve("beside").toString();
    try (LocalFiles.Refusal refusal = guard.refuseChanges()) {
      session.spark().sql("create table beside using parquet location '" + own + "' as select 1 a");
      session.spark().sql("insert overwrite beside select 2");
      for (String statement :
          List.of(
              "drop schema way",
              "create table way.bars_2m using parquet as select 1 a",
              "delete from delta.`" + vault.resolve("lake/vwap_1m") + "`",
              "insert overwrite directory '" + vault.resolve("raw") + "' using parquet select 1")) {
        assertThatThrownBy(() -> session.spark().sql(statement), statement)
            .hasStackTraceContaining(ReadOnlyFileSystemException.class.getName());
      }
    }
    assertThat(file).exists();
    Files.delete(file);
    assertThat(session.spark().table("beside").first().getInt(0)).isEqualTo(2);
  }

  @Test
  void tablesOfOnesOwnAreWrittenFromTheVaults() {
    String own = "delta.`" + folder.resolve("own") + "`";
    one("create or replace table %s using delta as select * from lake.vwap_1m".formatted(own));
    one("insert into %s select * from lake.vwap_1m".formatted(own));
    one("with q as (select * from lake.bars_1m) delete from %s where close is null".formatted(own));
    one("execute immediate 'select close from ' || 'vwap_1m'");
    one("select * from identifier('lake.' || 'vwap_1m')");
    one("describe history lake.vwap_1m");
    one("explain delete from lake.vwap_1m");
    one("create or replace temporary view seen as select * from lake.vwap_1m");
    one("drop view seen");
    assertThat(one("select count(*) from " + own).getLong(0)).isEqualTo(2 * MINUTES);
  }

  @Test
  void aTableThatWasMadeAnewUnderTheSameVersionTakesThePlaceOfTheOldOne() throws Exception {
    Path again = folder.resolve("again");
    writeTrades(again);
    String[] run = {"run", "--vault", "" + again, "--as-of", "2026-01-02T12:00:00Z"};
    assertThat(Tapelake.execute(run)).isZero();
    SqlSession other = new SqlSession(session.spark().newSession());
    other.open(VaultStores.open("" + again, new Configuration()));
    other.begin();
    String query = "select sum(close) from ";
    Row before = one(other, query + "vwap_1m");
    FileUtils.deleteDirectory(again.resolve("lake").toFile());
    FileUtils.deleteDirectory(again.resolve("state").toFile());
    assertThat(Tapelake.execute(run)).isZero();
    other.begin();
    assertThat(one(other, query + "vwap_1m")).isEqualTo(before);
    assertThat(one(other, query + "lake.vwap_1m")).isEqualTo(before);
  }

  @Test
  void aTableWhoseFolderIsGoneIsLeftOutUntilItIsBack() throws IOException {
    Path table = vault.resolve("lake/bands_1m");
    Path away = folder.resolve("bands_away");
    Files.move(table, away);
    DeltaLog.clearCache();
    SqlSession other = new SqlSession(session.spark().newSession());
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      other.open(store);
      other.begin();
    } finally {
      System.setErr(before);
      Files.move(away, table);
    }
    assertThat(
            said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("left out")))
        .singleElement()
        .asString()
        .contains("lake/bands_1m", "./tapelake backfill");
    assertThat(other.versions()).containsKey("vwap_1m").doesNotContainKey("bands_1m");
    List<Row> rows =
        other.ask(new Statement("select * from vwap_1m", 1), result -> result.collectAsList());
    assertThat(rows).hasSize(MINUTES);
    other.begin();
    assertThat(other.versions()).containsKey("bands_1m");
  }

  /** Then a run may be making it anew, or it is lost. */
  @Test
  void whatCountsMayGoWhileAVaultIsOpen() throws IOException {
    Path counts = vault.resolve("state/vwap/published.json");
    byte[] before = Files.readAllBytes(counts);
    SqlSession other = new SqlSession(session.spark().newSession());
    other.open(store);
    try {
      Files.write(counts, Published.nothing("1-0", 1).encode());
      other.begin();
      assertThat(other.versions()).isEmpty();
      Files.delete(counts);
      assertThatThrownBy(other::begin)
          .isInstanceOf(JobException.class)
          .hasMessageContaining("state/vwap/published.json is gone")
          .hasMessageContaining("./tapelake backfill");
    } finally {
      Files.write(counts, before);
    }
    other.begin();
    assertThat(other.versions()).containsKey("bands_1m");
  }

  @Test
  void damageIsToldWithTheFileAndTheWayOut() throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("damaged/state/vwap"));
    Files.createFile(damaged.resolve("published.json"));
    VaultStore other = VaultStores.open("" + folder.resolve("damaged"), new Configuration());
    assertThatThrownBy(() -> new SqlSession(session.spark().newSession()).open(other))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("state/vwap/published.json")
        .hasMessageContaining("./tapelake backfill")
        .satisfies(
            e ->
                assertThat(((JobException) e).exitCode())
                    .isEqualTo(JobException.needsPerson("", null).exitCode()));
  }

  @Test
  void timesAreWholeInAnyFormat() {
    String query =
        "select time, named_struct('at', time) as pair, array(time) as list from (select"
            + " timestamp'2026-01-02 10:00:56.123456' as time)";
    for (ResultFormat format :
        List.of(ResultFormat.TABLE, ResultFormat.CSV, ResultFormat.JSON, ResultFormat.JSONL)) {
      assertThat(printed(format, query).split("2026-01-02T10:00:56.123456Z", -1))
          .as("%s", format)
          .hasSize(4);
    }
  }

  @Test
  void errorsTellTheLineInFewWords() {
    assertThatThrownBy(() -> one("select\n  nothing\nfrom vwap_1m"))
        .hasMessageStartingWith("line 8: ")
        .hasMessageContaining("`nothing`")
        .hasMessageEndingWith("  nothing\n    ^");
    assertThatThrownBy(() -> one("select 1 form vwap_1m where")).hasMessageStartingWith("line 7: ");
    assertThatThrownBy(() -> one("select\n1 / (trade_count_1m - trade_count_1m) from vwap_1m"))
        .hasMessageStartingWith("line 8: ")
        .hasMessageContaining("DIVIDE_BY_ZERO")
        .satisfies(e -> assertThat(((SqlError) e).isUserFault()).isTrue());
  }

  @Test
  void wordsAreCompletedByWhatTheyMayMean() {
    SqlCompletion completion = new SqlCompletion(session);
    assertThat(completion.at("select vwap_", 12).words()).contains("vwap_1m");
    String query = "select b.buy_ from bars_1m b";
    assertThat(completion.at(query, 13).words())
        .containsExactly(
            "buy_count",
            "buy_base_volume",
            "buy_notional",
            "buy_base_volume_exact",
            "buy_notional_exact",
            "buy_contracts");
    assertThat(completion.at("SEL", 3).words()).contains("SELECT");
    assertThat(completion.at("select perc", 11).words()).contains("percentile", "percent_rank");
    assertThat(completion.at("select * from lake.", 19).words())
        .containsExactly(
            "bands_1m",
            "bars_1m",
            "flow_1m",
            "sessions_1d",
            "signals",
            "trades",
            "volume_profile",
            "vwap_1m");
    assertThat(completion.describe("select * from bars_1m", 17)).contains("trade_count", "bigint");
    assertThat(completion.describe("select percentile(1, 2)", 12)).contains("Usage");
    assertThat(completion.describe("select gobbledygook", 12)).isNull();
  }

  @Test
  void formatsKeepNullsAndQuoteWhatNeedsIt() {
    String query = "select 'a,\"b' as text, cast(null as int) as nothing, 1.50BD as number";
    assertThat(printed(ResultFormat.CSV, query))
        .isEqualTo("text,nothing,number\n\"a,\"\"b\",,1.5\n");
    assertThat(printed(ResultFormat.CSV, "select '' as empty, null as nothing, 'a\nb' as two"))
        .isEqualTo("empty,nothing,two\n\"\",,\"a\nb\"\n");
    String object = "{\"text\":\"a,\\\"b\",\"nothing\":null,\"number\":1.50}";
    assertThat(printed(ResultFormat.JSONL, query)).isEqualTo(object + "\n");
    assertThat(printed(ResultFormat.JSON, query)).isEqualTo("[\n" + object + "\n]\n");
    assertThat(printed(ResultFormat.TABLE, query)).endsWith("1 row\n");
  }

  @Test
  void arraysMapsAndStructsAreJson() {
    String query =
        "select array(1, null) a, map('k', struct(date '2026-01-02' as d)) a, x'0f' as b, null as c";
    assertThat(printed(ResultFormat.CSV, query))
        .isEqualTo("a,a,b,c\n\"[1,null]\",\"{\"\"k\"\":{\"\"d\"\":\"\"2026-01-02\"\"}}\",0F,\n");
    assertThat(printed(ResultFormat.TABLE, query)).contains("[1,null]", "{\"k\":{\"d\":");
  }

  @Test
  void allRowsComeInTheirOrder() {
    assertThat(printed(ResultFormat.CSV, "select id from range(0, 60000, 1, 3)", 0).lines().skip(1))
        .containsExactlyElementsOf(LongStream.range(0, 60_000).mapToObj(Long::toString).toList());
    assertThat(printed(ResultFormat.CSV, "select 1 as one", Integer.MAX_VALUE))
        .isEqualTo("one\n1\n");
    String sorted = "select id from range(0, 60000, 1, 3) order by id desc";
    assertThat(printed(ResultFormat.CSV, sorted, 20_000).lines().skip(1))
        .containsExactlyElementsOf(
            LongStream.range(40_000, 60_000).mapToObj(id -> "" + (99_999 - id)).toList());
    assertThatThrownBy(
            () -> printed(ResultFormat.CSV, "select 1 / (id - 59000) from range(60000)", 0))
        .isInstanceOf(SqlError.class)
        .hasMessageContaining("DIVIDE_BY_ZERO");
  }

  @Test
  void rowsAreMadeAsTheyAreRead() {
    int all = 1_000_000;
    session.ask(
        new Statement("select id from range(0, " + all + ", 1, 2)", 1),
        result -> {
          Dataset<Long> counted =
              result
                  .as(Encoders.LONG())
                  .map(
                      (MapFunction<Long, Long>)
                          id -> {
                            MADE.incrementAndGet();
                            return id;
                          },
                      Encoders.LONG());
          MADE.set(0);
          try (RowStream rows = (RowStream) RowStream.of(counted.toDF())) {
            for (int i = 0; i < 1_500; i++) {
              rows.next();
            }
          }
          return null;
        });
    // What waits in queues and in the tasks' hands, a hundred times less than all.
    assertThat(MADE.get()).isBetween(1_500L, 40_000L);
  }

  @Test
  void aReaderThatGoesAwayEndsTheQuery() {
    PrintStream closed =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    boolean hasAll =
        session.ask(
            new Statement("select id from range(0, 10000000, 1, 2)", 1),
            result -> ResultFormat.CSV.print(result, 0, closed));
    assertThat(hasAll).isFalse();
  }

  @Test
  void commandsTellWhatIsInView() {
    assertThat(printed(ResultFormat.CSV, ".tables"))
        .contains("bars_1m,table,", "bands,view,\n", "completeness,view,\n");
    assertThat(printed(ResultFormat.CSV, ".schema bands", 0).lines())
        .contains("upper3_base_session,double", "minute,timestamp");
    List<String> files = printed(ResultFormat.TABLE, "files BARS_1M").lines().skip(2).toList();
    assertThat(files)
        .hasSize(2) // and the number of rows
        .first()
        .asString()
        .startsWith(vault.resolve("lake/bars_1m/date=2026-01-02").toString());
    assertThatThrownBy(() -> printed(ResultFormat.CSV, ".files bands"))
        .hasMessageContaining("'bands'")
        .hasMessageContaining("bands_1m");
    assertThatThrownBy(() -> printed(ResultFormat.CSV, ".tables vwap_1m"))
        .hasMessageContaining(".schema NAME");
    assertThatThrownBy(() -> printed(ResultFormat.CSV, ".indexes")).hasMessageContaining(".schema");
  }

  @Test
  void rowsGoIntoAFileThatIsWholeOrNotThere() throws IOException {
    Path results = Files.createDirectories(folder.resolve("ein Ort für 100% der Zeilen"));
    Path file = results.resolve("bars.parquet");
    String[] words = {"sql", "--vault", vault.toString(), "-o", "" + file, "select * from bars_1m"};
    assertThat(
            Tapelake.execute(
                Stream.concat(Stream.of(words), Stream.of("--format", "parquet"))
                    .toArray(String[]::new)))
        .isZero();
    Path read = folder.resolve("bars.parquet");
    Files.copy(file, read);
    assertThat(session.spark().read().parquet(read.toUri().toString()).collectAsList())
        .hasSameElementsAs(session.spark().table("bars_1m").collectAsList());
    words[4] = "" + results.resolve("bars.jsonl");
    assertThat(
            Tapelake.execute(
                Stream.concat(Stream.of(words), Stream.of("--format", "jsonl"))
                    .toArray(String[]::new)))
        .isZero();
    assertThat(Path.of(words[4])).content().hasLineCount(MINUTES);
    words[4] = folder + "/nowhere/bars.csv";
    assertThat(Tapelake.execute(words)).isEqualTo(2);
    words[4] = "" + results.resolve("failed.csv");
    words[5] = "select 1 / (trade_count - trade_count) from bars_1m";
    assertThat(Tapelake.execute(words)).isNotZero();
    assertThat(results.toFile().list()).containsExactlyInAnyOrder("bars.parquet", "bars.jsonl");
  }

  @Test
  void certificatesTellWhichDaysAreComplete() throws IOException {
    assertThat(one("select count(*) from completeness").getLong(0)).isZero();
    Path file = vault.resolve("certificates/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"instId\":\"BTC-USDT-SWAP\",\"day\":\"2026-01-02\",\"complete\":false,\n\"missing\":[[7,9]]}\n");
    Path copy = file.resolveSibling("2026-01-02.sync-conflict.json");
    Files.copy(file, copy);
    assertThat(one("select count(*) from completeness").getLong(0)).isEqualTo(1);
    Files.delete(copy);
    assertThat(
            one(
                "select inst_id, date, complete, int(get_json_object(certificate, '$.missing[0][1]')) from completeness"))
        .isEqualTo(RowFactory.create("BTC-USDT-SWAP", LocalDate.of(2026, 1, 2), false, 9));
    Files.delete(file);
  }

  @Test
  void theScriptInConfRegistersTheTables() throws IOException {
    register(vault);
    assertThat(one("select count(*) from tapelake.vwap_1m").getLong(0)).isEqualTo(MINUTES);
    one("drop schema tapelake cascade");
  }

  @Test
  void theScriptInConfStopsAtATableThatIsMissingAndMakesNone() throws IOException {
    Path lake = Files.createDirectories(folder.resolve("only bars/lake"));
    Files.createSymbolicLink(lake.resolve("bars_1m"), vault.resolve("lake/bars_1m"));
    assertThatThrownBy(() -> register(lake.getParent()))
        .isInstanceOf(SqlError.class)
        .hasMessageContaining("vwap_1m");
    assertThat(one("select count(*) from tapelake.bars_1m").getLong(0)).isEqualTo(MINUTES);
    assertThat(lake.toFile().list()).containsExactly("bars_1m");
    one("drop schema tapelake cascade");
  }

  private void register(Path root) throws IOException {
    String script = Files.readString(Path.of("..", "conf", "register-tables.sql"));
    one("set vault = " + root);
    for (Statement each : SqlScript.split(script)) {
      session.ask(each, rows -> rows.collectAsList());
    }
  }

  @Test
  void whatTheJobNotesInFilesIsReadWhenItIsAskedFor() throws IOException {
    long before = one("select count(*) from job_runs").getLong(0);
    Path runs = vault.resolve("state/vwap/runs.jsonl");
    String kept = Files.readString(runs);
    Path rewritten = folder.resolve("runs.jsonl");
    Files.writeString(rewritten, kept + kept);
    Files.move(rewritten, runs, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    session.begin();
    assertThat(one("select count(*) from job_runs").getLong(0)).isEqualTo(2 * before);
    Files.writeString(runs, kept);
  }

  @Test
  void theShellTakesLinesCompletesAndRemembers() throws IOException {
    Path history = folder.resolve("state/sql_history");
    String typed =
        "select 40 +\n2 as answer;\n.schema vwap_1m\nselect count(*) as minutes from vwap_1\t;\nselect nothing;\nhelp\nexit\n";
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    ExternalTerminal terminal =
        new ExternalTerminal(
            "test",
            "ansi",
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            shown,
            StandardCharsets.UTF_8);
    new SqlShell(session, ResultFormat.CSV, 10, terminal, history).run();
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("answer\r\n42")
        .contains("minutes\r\n" + MINUTES)
        .contains("line 1: ")
        .contains("Ctrl-R")
        .doesNotContain("\tat ");
    assertThat(history).content().contains("from vwap_1m").contains("select nothing;");
  }

  /** The versions of the tables that count. */
  private SortedMap<String, Long> versions() throws IOException {
    SortedMap<String, Long> versions = new TreeMap<>();
    Published.read(store).tables().forEach((name, table) -> versions.put(name, table.version()));
    return versions;
  }

  /** The first row of a statement that begins on line 7. */
  private Row one(String query) {
    return one(session, query);
  }

  private static Row one(SqlSession session, String query) {
    List<Row> rows = session.ask(new Statement(query, 7), result -> result.collectAsList());
    return rows.isEmpty() ? null : rows.get(0);
  }

  private String printed(ResultFormat format, String query) {
    return printed(format, query, 10);
  }

  private String printed(ResultFormat format, String query, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    session.ask(new Statement(query, 1), result -> format.print(result, limit, stream));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void writeTrades(Path root) throws IOException {
    Contract contract = new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
    StringBuilder lines = new StringBuilder();
    for (int minute = 0; minute < MINUTES; minute++) {
      Trade trade =
          new Trade(
              FIRST.plusSeconds(60L * minute),
              "BTC-USDT-SWAP",
              minute + 1,
              TakerSide.BUY,
              new BigDecimal(100_000 + minute),
              BigDecimal.ONE,
              contract);
      String line = TradeLine.format(trade);
      lines.append(line).append(line.endsWith("\n") ? "" : "\n");
    }
    Path file =
        root.resolve(new DayFile("BTC-USDT-SWAP", java.time.LocalDate.of(2026, 1, 2)).rawPath());
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }
}
