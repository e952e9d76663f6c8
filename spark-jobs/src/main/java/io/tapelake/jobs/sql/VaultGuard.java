package io.tapelake.jobs.sql;

import io.tapelake.jobs.store.LocalFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.PlanWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedNamespace;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.DropTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.Product;
import scala.collection.IterableOnce;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells which statements would change what lies in a vault, by the plan that Spark parsed, and lets
 * nothing be changed on a local disk by those that it does not know.
 */
final class VaultGuard {

  /** Statements that change a table, of those that are no {@link Command} yet. */
  private static final Pattern WRITES = Pattern.compile(".*Statement|InsertIntoDir");

  /** Commands that leave the table alone which they name. */
  private static final Pattern READS =
      Pattern.compile(
          "(Describe|Show|Explain|Cache|Uncache|Refresh).*|.*View.*|.*Variable"
              + "|SetCommand|SetCatalogAndNamespace");

  private static final Pattern PATH = Pattern.compile("(?s)(\\.{0,2}|[A-Za-z][A-Za-z0-9+.-]*:)/.*");

  private final SparkSession spark;
  private final Path root;

  /** The vault's folder, and what links in it lead to. */
  private final Set<String> folders = new TreeSet<>();

  VaultGuard(SparkSession spark, VaultStore vault) throws IOException {
    this.spark = spark;
    Path named = new Path(vault.uri("lake")).getParent();
    root = named.getFileSystem(spark.sessionState().newHadoopConf()).makeQualified(named);
    folders.add(folder(root));
    if ("file".equals(root.toUri().getScheme())) {
      inside(new File(root.toUri().getPath()), 2)
          .filter(file -> Files.isSymbolicLink(file.toPath()))
          .forEach(link -> folders.add(folder(new Path(VaultStores.uri(link.toPath())))));
    }
  }

  /** Until it is closed nothing of a local vault is changed, whatever the statement that is run. */
  LocalFiles.Refusal refuseChanges() {
    return LocalFiles.refuse(this::isInVault);
  }

  /** Whether a statement would change a table of the vault, or files in it. */
  boolean isChange(String statement) {
    return isChange(() -> statement);
  }

  private boolean isChange(Supplier<String> statement) {
    LogicalPlan plan;
    try {
      plan = spark.sessionState().sqlParser().parsePlan(statement.get());
    } catch (Exception e) {
      return false; // running it tells what is wrong with it
    }
    return isChange(plan);
  }

  private boolean isChange(LogicalPlan plan) {
    if (plan instanceof PlanWithUnresolvedIdentifier computed) {
      return isChange(named(computed));
    }
    String kind = plan.getClass().getSimpleName();
    if (kind.equals("UnresolvedExecuteImmediate")) {
      return isChange(() -> value((Expression) parts(plan).findFirst().orElseThrow()));
    }
    if (!(plan instanceof Command || WRITES.matcher(kind).matches())) {
      return CollectionConverters.asJava(plan.children()).stream().anyMatch(this::isChange);
    }
    if (READS.matcher(kind).matches()) {
      return false;
    }
    List<String> name =
        parts(plan)
            .filter(LogicalPlan.class::isInstance)
            .skip(kind.equals("CloneTableStatement") ? 1 : 0)
            .findFirst()
            .map(this::name)
            .orElse(List.of());
    return isInVault(name)
        || placeInSchema(name).anyMatch(this::isInVault)
        || !isOfNamesAlone(plan)
            && (places(name).anyMatch(place -> isInVault(place.toString()))
                || parts(plan).anyMatch(this::isPlaceInVault));
  }

  /** Whether a table becomes known, or unknown, that stays as it is. */
  private static boolean isOfNamesAlone(LogicalPlan plan) {
    return plan instanceof DropTable
        || (plan instanceof CreateTable made && made.columns().isEmpty());
  }

  /** A plan with the name that is computed in it; when nobody knows it yet, one of the vault's. */
  private LogicalPlan named(PlanWithUnresolvedIdentifier computed) {
    Seq<String> name = CollectionConverters.asScala(List.of(VaultTables.SCHEMA, "")).toSeq();
    try {
      String text = value(computed.identifierExpr());
      name = spark.sessionState().sqlParser().parseMultipartIdentifier(text);
    } catch (Exception e) {
      // a parameter, or no name
    }
    return computed.planBuilder().apply(name, computed.children());
  }

  /** What an expression without columns comes to. */
  private String value(Expression expression) {
    return spark.sql("select 1").select(ExpressionUtils.column(expression)).first().getString(0);
  }

  private static Stream<?> parts(Object plan) {
    return CollectionConverters.asJava(((Product) plan).productIterator().toSeq()).stream();
  }

  /** The name of what a command is about, as SCHEMA.TABLE or FORMAT.`PATH`; nothing without one. */
  private List<String> name(Object target) {
    if (target instanceof SubqueryAlias alias) {
      return name(alias.child());
    }
    if (target instanceof PlanWithUnresolvedIdentifier computed) {
      return name(named(computed));
    }
    Object first = parts(target).findFirst().orElse(null);
    if (target.getClass().getSimpleName().equals("TimeTravel")) {
      return name(first);
    }
    List<String> name = new ArrayList<>();
    if (first instanceof Seq<?> names && names.forall(String.class::isInstance)) {
      CollectionConverters.asJava(names).forEach(part -> name.add((String) part));
    } else if (first instanceof String path) {
      name.addAll(List.of("delta", path));
    }
    if (target instanceof UnresolvedNamespace) {
      name.add("");
    }
    return name;
  }

  private boolean isInVault(List<String> name) {
    int last = name.size() - 1;
    return last > 0
        && (isLake(name.get(last - 1))
            || (name.get(last).contains("/") && isInVault(name.get(last))));
  }

  /** Whether something of a command beside its target says that it writes into the vault. */
  private boolean isPlaceInVault(Object part) {
    if (part instanceof LogicalPlan) {
      return false; // what is read
    }
    if (part instanceof TableIdentifier table) {
      return isInVault(List.copyOf(CollectionConverters.asJava(table.nameParts())));
    }
    if (part instanceof IterableOnce<?> several) {
      return several.iterator().exists(this::isPlaceInVault);
    }
    if (part instanceof Product product) {
      return parts(product).anyMatch(this::isPlaceInVault);
    }
    return part instanceof URI uri
        ? isInVault(uri.getPath())
        : part instanceof String text && PATH.matcher(text).matches() && isInVault(text);
  }

  private static boolean isLake(String schema) {
    return schema.toLowerCase(Locale.ROOT).equals(VaultTables.SCHEMA);
  }

  /** Where Spark puts a schema, or a table of it that has no place of its own. */
  private Stream<String> placeInSchema(List<String> name) {
    SessionCatalog catalog = spark.sessionState().catalog();
    int last = name.size() - 1;
    String schema = last > 0 ? name.get(last - 1) : catalog.getCurrentDatabase();
    if (last < 0 || !catalog.databaseExists(schema)) {
      return Stream.of();
    }
    return Stream.of(
        catalog.getDatabaseMetadata(schema).locationUri().getPath() + "/" + name.get(last));
  }

  /** Where the files of a table or view lie; nowhere when there is none of this name. */
  private Stream<Path> places(List<String> name) {
    try {
      String quoted = String.join(".", name.stream().map(VaultTables::quoted).toList());
      LogicalPlan plan =
          ((org.apache.spark.sql.classic.Dataset<?>) spark.table(quoted))
              .queryExecution()
              .analyzed();
      return CollectionConverters.asJava(plan.collectLeaves()).stream()
          .filter(LogicalRelation.class::isInstance)
          .map(leaf -> ((LogicalRelation) leaf).relation())
          .filter(HadoopFsRelation.class::isInstance)
          .flatMap(
              files ->
                  CollectionConverters.asJava(((HadoopFsRelation) files).location().rootPaths())
                      .stream());
    } catch (Exception e) {
      return Stream.of();
    }
  }

  /** Whether a path is the vault's folder, or lies in it, or has it in it. */
  private boolean isInVault(String path) {
    try {
      FileSystem files = root.getFileSystem(spark.sessionState().newHadoopConf());
      return isInVault(files.makeQualified(new Path(path)));
    } catch (IOException | IllegalArgumentException e) {
      return false; // elsewhere, or no path
    }
  }

  private boolean isInVault(Path path) {
    String place = folder(path);
    return folders.stream()
        .anyMatch(folder -> place.startsWith(folder) || folder.startsWith(place));
  }

  /** A path with a slash at its end; on a local disk the one that it leads to. */
  private static String folder(Path path) {
    String place = path.toString();
    if ("file".equals(path.toUri().getScheme())) {
      place = "file:" + real(java.nio.file.Path.of(path.toUri().getPath()));
    }
    return place.endsWith("/") ? place : place + "/";
  }

  private static java.nio.file.Path real(java.nio.file.Path path) {
    for (java.nio.file.Path at = path; at != null; at = at.getParent()) {
      try {
        return at.toRealPath().resolve(at.relativize(path));
      } catch (IOException e) {
        continue; // it is not there yet
      }
    }
    return path;
  }

  /** What lies in a local folder and in the folders of it. */
  private static Stream<File> inside(File folder, int depth) {
    File[] files = depth == 0 ? null : folder.listFiles();
    return files == null
        ? Stream.of()
        : Arrays.stream(files)
            .flatMap(file -> Stream.concat(Stream.of(file), inside(file, depth - 1)));
  }
}
