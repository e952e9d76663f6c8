package io.tapelake.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Random;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class PackedRowTest {

  private static final DataType[] TYPES = {
    DataTypes.StringType,
    DataTypes.LongType,
    DataTypes.BooleanType,
    DataTypes.DateType,
    DataTypes.TimestampType,
    DataTypes.createDecimalType(38, 18)
  };

  /** Wide rows and narrow ones, one behind the other on this thread. */
  @Test
  void aRowHasTheValuesThatItWasMadeOf() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      StructType schema = new StructType();
      Object[] values = new Object[random.nextInt(round % 10 == 0 ? 300 : 5)];
      for (int i = 0; i < values.length; i++) {
        int type = random.nextInt(TYPES.length);
        schema = schema.add("c" + i, TYPES[type]);
        values[i] = random.nextInt(4) == 0 ? null : value(type, random);
      }
      PackedRow row = PackedRow.of(PackedRow.Layout.of(schema), values);
      assertThat(row.size()).isEqualTo(values.length);
      for (int i = 0; i < values.length; i++) {
        assertThat(row.get(i))
            .as("seed %d, column %d of %s", seed, i, Arrays.toString(values))
            .isEqualTo(values[i]);
      }
    }
  }

  private static Object value(int type, Random random) {
    return switch (type) {
      case 0 -> "text \u20ac ".repeat(random.nextInt(40));
      case 1 -> random.nextLong();
      case 2 -> random.nextBoolean();
      case 3 -> LocalDate.ofEpochDay(random.nextInt(40_000) - 20_000);
      case 4 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L);
      default -> BigDecimal.valueOf(random.nextLong(), 18);
    };
  }
}
