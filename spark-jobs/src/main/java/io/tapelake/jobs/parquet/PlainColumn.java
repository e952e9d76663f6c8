package io.tapelake.jobs.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A column whose values stand in its pages as they are, one behind the other. Parquet's own writer
 * collects a page in ever new pieces of memory, which for three hundred columns took longer than
 * what it put into them; here each column has one array, which is used again for every page. Pages
 * are data pages of version 1, values PLAIN, definition levels RLE.
 */
final class PlainColumn implements ColumnSink {

  /** What snappy looks at in one go. */
  private static final int PAGE_BYTES = 1 << 16;

  private static final int FIRST_BYTES = 1 << 10;
  private static final int FIRST_LEVEL_BYTES = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final PrimitiveType type;
  private final boolean hasBounds;

  /** Whether a value's length stands before it. */
  private final boolean hasLengths;

  private final RunLengthBitPackingHybridEncoder levels =
      new RunLengthBitPackingHybridEncoder(
          1, FIRST_LEVEL_BYTES, PAGE_BYTES, new HeapByteBufferAllocator());

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private int rows;
  private Statistics<?> statistics;
  private PageWriter pages;

  /** Whether values are {@link Int128Decimal}s, whose bounds are compared as two words each. */
  private final boolean isDecimal;

  /** Where the least and the greatest decimal of the page are; -1 before the first. */
  private int least;

  private long leastHigh;
  private long leastLow;
  private int greatest;
  private long greatestHigh;
  private long greatestLow;

  /**
   * A column of numbers, texts or decimals, whose pages may tell their least and greatest value.
   */
  PlainColumn(ColumnDescriptor column, boolean hasBounds) {
    type = column.getPrimitiveType();
    this.hasBounds = hasBounds;
    hasLengths = type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    isDecimal = type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    startPage();
  }

  /** Whether values of a type can stand in pages this way. */
  static boolean takes(ColumnDescriptor column) {
    return column.getPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BOOLEAN;
  }

  /** Begins a row group. */
  void begin(PageWriter group) {
    pages = group;
  }

  @Override
  public void put(long value) {
    int at = room(Long.BYTES);
    LONGS.set(bytes, at, value);
    if (hasBounds) {
      statistics.updateStats(value);
    }
    endValue();
  }

  @Override
  public void put(double value) {
    int at = room(Double.BYTES);
    LONGS.set(bytes, at, Double.doubleToRawLongBits(value));
    if (hasBounds) {
      statistics.updateStats(value);
    }
    endValue();
  }

  @Override
  public void put(boolean value) {
    throw new UnsupportedOperationException("a flag in column " + type);
  }

  @Override
  public void put(byte[] from, int offset, int count) {
    int at = room(hasLengths ? Integer.BYTES + count : count);
    if (hasLengths) {
      INTS.set(bytes, at, count);
      at += Integer.BYTES;
    }
    System.arraycopy(from, offset, bytes, at, count);
    if (hasBounds && isDecimal) {
      bound(at);
    } else if (hasBounds) {
      statistics.updateStats(Binary.fromReusedByteArray(bytes, at, count));
    }
    endValue();
  }

  @Override
  public void putNull() {
    level(0);
    statistics.incrementNumNulls();
    endRow();
  }

  @Override
  public long size() {
    return length + pages.getMemSize();
  }

  /** Writes what is left of a row group. */
  void flush() {
    if (rows > 0) {
      endPage();
    }
  }

  private void bound(int at) {
    long high = (long) BIG_LONGS.get(bytes, at);
    long low = (long) BIG_LONGS.get(bytes, at + Long.BYTES);
    if (least < 0 || isLess(high, low, leastHigh, leastLow)) {
      least = at;
      leastHigh = high;
      leastLow = low;
    }
    if (greatest < 0 || isLess(greatestHigh, greatestLow, high, low)) {
      greatest = at;
      greatestHigh = high;
      greatestLow = low;
    }
  }

  private static boolean isLess(long high, long low, long otherHigh, long otherLow) {
    return high != otherHigh ? high < otherHigh : Long.compareUnsigned(low, otherLow) < 0;
  }

  private void endValue() {
    level(1);
    endRow();
  }

  private void endRow() {
    rows++;
    if (length >= PAGE_BYTES) {
      endPage();
    }
  }

  private void level(int defined) {
    try {
      levels.writeInt(defined);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where so many bytes go, for which the array has room then. */
  private int room(int count) {
    int at = length;
    length += count;
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }
    return at;
  }

  private void endPage() {
    if (least >= 0) {
      statistics.updateStats(Binary.fromReusedByteArray(bytes, least, Int128Decimal.BYTES));
      statistics.updateStats(Binary.fromReusedByteArray(bytes, greatest, Int128Decimal.BYTES));
    }
    try {
      BytesInput defined = levels.toBytes();
      pages.writePage(
          BytesInput.concat(
              BytesInput.from(BytesUtils.intToBytes((int) defined.size())),
              defined,
              BytesInput.from(bytes, 0, length)),
          rows,
          rows,
          statistics,
          Encoding.RLE,
          Encoding.RLE,
          Encoding.PLAIN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startPage();
  }

  private void startPage() {
    levels.reset();
    length = 0;
    rows = 0;
    least = -1;
    greatest = -1;
    statistics = hasBounds ? Statistics.createStats(type) : Statistics.noopStats(type);
  }
}
