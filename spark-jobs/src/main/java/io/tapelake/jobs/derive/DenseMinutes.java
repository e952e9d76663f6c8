package io.tapelake.jobs.derive;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.HasPartitionKey;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsReportOrdering;
import org.apache.spark.sql.connector.read.SupportsReportPartitioning;
import org.apache.spark.sql.connector.read.partitioning.KeyGroupedPartitioning;
import org.apache.spark.sql.connector.read.partitioning.Partitioning;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Units as a source of Spark's: a partition a unit, whose rows are minutes by instrument and time.
 * Because the source says so, Spark's windows need neither a shuffle nor a sort.
 *
 * <p>A row is a minute with trades, with the record of {@code bars_1m} it was made of, or one
 * without that may get a row of its own. Sums are integers in limbs, see {@link Limbs}.
 */
public final class DenseMinutes implements TableProvider {

  static final String UNIT = "unit";
  static final String INSTRUMENT = "instrument";
  static final String MINUTE = "minute";
  static final String BAR = "bar";

  /** The option that names a plan. */
  static final String PLAN = "plan";

  /** On the driver, the plans that are being read. */
  private static final Map<String, Plan> PLANS = new ConcurrentHashMap<>();

  /**
   * Units to read.
   *
   * @param longest minutes of the longest window
   * @param limbs of each sum, in the order of {@link MinuteSums#SUMS}
   */
  record Plan(
      List<Unit> units,
      int longest,
      int[] limbs,
      String vaultUri,
      SerializableConfiguration configuration)
      implements Serializable {}

  /** Makes a plan known under a name, until it is forgotten. */
  static void remember(String name, Plan plan) {
    PLANS.put(name, plan);
  }

  static void forget(String name) {
    PLANS.remove(name);
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return schema(PLANS.get(options.get(PLAN)).limbs());
  }

  private static StructType schema(int[] limbs) {
    StructType schema =
        new StructType()
            .add(UNIT, DataTypes.IntegerType, false)
            .add(INSTRUMENT, DataTypes.IntegerType, false)
            .add(MINUTE, DataTypes.TimestampType, false)
            .add(BAR, DataTypes.BinaryType, true);
    for (String column : MinuteSums.columns(limbs)) {
      schema = schema.add(column, DataTypes.LongType, false);
    }
    return schema;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new Minutes(PLANS.get(properties.get(PLAN)), schema);
  }

  private record Minutes(Plan plan, StructType schema) implements Table, SupportsRead {

    @Override
    public String name() {
      return "minutes of %d units".formatted(plan.units().size());
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return () -> new UnitScan(plan, schema);
    }
  }

  /** Reads whole units. */
  private record UnitScan(Plan plan, StructType columns)
      implements Scan, Batch, SupportsReportPartitioning, SupportsReportOrdering {

    @Override
    public StructType readSchema() {
      return columns;
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public Partitioning outputPartitioning() {
      return new KeyGroupedPartitioning(
          new Expression[] {Expressions.identity(UNIT)}, plan.units().size());
    }

    @Override
    public SortOrder[] outputOrdering() {
      return new SortOrder[] {ascending(UNIT), ascending(INSTRUMENT), ascending(MINUTE)};
    }

    private static SortOrder ascending(String column) {
      return Expressions.sort(Expressions.column(column), SortDirection.ASCENDING);
    }

    @Override
    public InputPartition[] planInputPartitions() {
      return plan.units().stream().map(UnitPartition::new).toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      return new Readers(plan.longest(), plan.limbs(), plan.vaultUri(), plan.configuration());
    }
  }

  private record UnitPartition(Unit unit) implements InputPartition, HasPartitionKey {

    @Override
    public InternalRow partitionKey() {
      return new GenericInternalRow(new Object[] {unit.id()});
    }
  }

  private record Readers(
      int longest, int[] limbs, String vaultUri, SerializableConfiguration configuration)
      implements PartitionReaderFactory {

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new UnitReader(
          ((UnitPartition) partition).unit(),
          longest,
          new MinuteSums(limbs),
          vaultUri,
          configuration.value());
    }
  }

  /** Goes from minute to minute. */
  private static final class UnitReader implements PartitionReader<InternalRow> {

    private final Unit unit;
    private final int longest;
    private final MinuteSums sums;
    private final String vaultUri;
    private final org.apache.hadoop.conf.Configuration configuration;

    private int instrument = -1;
    private BarRecords bars;

    /** The minute at hand, and the newest one with trades up to it. */
    private long minute;

    private long newest = Long.MIN_VALUE;
    private BarRecords.Record next;
    private BarRecords.Record current;

    UnitReader(
        Unit unit,
        int longest,
        MinuteSums sums,
        String vaultUri,
        org.apache.hadoop.conf.Configuration configuration) {
      this.unit = unit;
      this.longest = longest;
      this.sums = sums;
      this.vaultUri = vaultUri;
      this.configuration = configuration;
    }

    @Override
    public boolean next() throws IOException {
      while (true) {
        if (bars != null && goOn()) {
          return true;
        }
        if (++instrument == unit.instruments().size()) {
          return false;
        }
        open(unit.instruments().get(instrument));
      }
    }

    private void open(Unit.Member member) throws IOException {
      close();
      bars = new BarRecords(member.sections(), vaultUri, configuration);
      next = bars.next();
      newest = Long.MIN_VALUE;
      minute = Long.MIN_VALUE;
    }

    /** Goes on to the next minute of the instrument. */
    private boolean goOn() throws IOException {
      Unit.Member member = unit.instruments().get(instrument);
      long first = unit.firstDay() * io.tapelake.analytics.bar.DayBars.MINUTES_A_DAY;
      long following = minute == Long.MIN_VALUE ? Long.MIN_VALUE : Math.max(first, minute + 1);
      boolean isEmpty =
          newest == Long.MIN_VALUE
              || following == Long.MIN_VALUE
              || following - newest >= longest
              || following > member.lastRow();
      if (next != null && (isEmpty || next.minute() <= following)) {
        minute = next.minute();
        newest = minute;
        current = next;
        next = bars.next();
        return true;
      }
      if (isEmpty) {
        return false;
      }
      minute = following;
      current = null;
      return true;
    }

    @Override
    public InternalRow get() {
      Object[] values = new Object[4 + sums.width()];
      values[0] = unit.id();
      values[1] = instrument;
      values[2] = minute * MinuteSums.MICROS_A_MINUTE;
      values[3] = current == null ? null : current.bytes();
      sums.put(current == null ? null : current.sums(), unit.decimals(), values, 4);
      return new GenericInternalRow(values);
    }

    @Override
    public void close() throws IOException {
      if (bars != null) {
        bars.close();
      }
    }
  }
}
