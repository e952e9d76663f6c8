package io.tapelake.jobs.sql;

import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.analysis.PlanWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedNamespace;
import org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.TableSpecBase;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import scala.Product;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Tells which statements would change what lies in a vault, by the plan that Spark parsed. */
final class VaultGuard {

  /** Statements that change a table, of those that are no {@link Command} yet. */
  private static final Pattern WRITES = Pattern.compile(".*Statement|InsertIntoDir");

  /** Commands that leave the table alone which they name. */
  private static final Pattern READS =
      Pattern.compile(
          "(Describe|Show|Explain|Cache|Uncache|Refresh).*|.*View.*|SetCatalogAndNamespace");

  /** Commands that make a name known, or unknown, of a table that stays as it is. */
  private static final Set<String> NAMES = Set.of("CreateTable", "DropTable");

  private static final Pattern NAMES_LAKE =
      Pattern.compile("(?is).*\\b" + VaultTables.SCHEMA + "\\b.*");

  private final SparkSession spark;
  private final Path root;

  VaultGuard(SparkSession spark, VaultStore vault) {
    this.spark = spark;
    root = new Path(vault.uri("lake")).getParent();
  }

  /** Whether a statement would change a table of the vault, or files in it. */
  boolean isChange(String statement) {
    LogicalPlan plan;
    try {
      plan = spark.sessionState().sqlParser().parsePlan(statement);
    } catch (Exception e) {
      return false; // running it tells what is wrong with it
    }
    return isChange(plan);
  }

  private boolean isChange(LogicalPlan plan) {
    if (plan instanceof UnresolvedWith with) {
      return isChange(with.child());
    }
    String kind = plan.getClass().getSimpleName();
    if (kind.equals("UnresolvedExecuteImmediate")) {
      return parts(plan).findFirst().orElse(null) instanceof Literal text
          && isChange(String.valueOf(text.value()));
    }
    if (!(plan instanceof Command || WRITES.matcher(kind).matches())
        || READS.matcher(kind).matches()) {
      return false;
    }
    List<String> name =
        parts(plan)
            .filter(LogicalPlan.class::isInstance)
            .skip(kind.equals("CloneTableStatement") ? 1 : 0)
            .findFirst()
            .map(VaultGuard::name)
            .orElse(List.of());
    return isInVault(name)
        || !NAMES.contains(kind)
            && (places(name).anyMatch(place -> isInVault(place.toString()))
                || parts(plan).anyMatch(this::isPlaceInVault));
  }

  private static Stream<?> parts(Object plan) {
    return CollectionConverters.asJava(((Product) plan).productIterator().toSeq()).stream();
  }

  /** The name of what a command is about, as SCHEMA.TABLE or FORMAT.`PATH`; nothing without one. */
  private static List<String> name(Object target) {
    if (target instanceof SubqueryAlias alias) {
      return name(alias.child());
    }
    if (target instanceof PlanWithUnresolvedIdentifier computed) {
      boolean isOfLake = NAMES_LAKE.matcher(computed.identifierExpr().toString()).matches();
      return isOfLake ? List.of(VaultTables.SCHEMA, "") : List.of();
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
    if (part instanceof TableSpecBase table) {
      return table.location().exists(this::isInVault);
    }
    if (part instanceof CatalogStorageFormat storage) {
      return storage.locationUri().exists(uri -> isInVault(uri.getPath()));
    }
    return part instanceof TableIdentifier table
        && isInVault(List.copyOf(CollectionConverters.asJava(table.nameParts())));
  }

  private static boolean isLake(String schema) {
    return schema.toLowerCase(Locale.ROOT).equals(VaultTables.SCHEMA);
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
      String place = files.makeQualified(new Path(path)) + "/";
      String vault = files.makeQualified(root) + "/";
      return place.startsWith(vault) || vault.startsWith(place);
    } catch (IOException | IllegalArgumentException e) {
      return false; // elsewhere, or no path
    }
  }
}
