package io.tapelake.analytics.bar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PriceBucketTest {

  @Test
  void widthsFollowTheLeadingDigit() {
    assertEdges("61681.0", "61680", "61690");
    assertEdges("2401.37", "2401", "2401.5");
    assertEdges("1.00019", "1", "1.0002");
    assertEdges("0.000000001234", "0.000000001234", "0.0000000012342");
    assertEdges("99999.9", "99990", "100000");
    assertEdges("100000", "100000", "100020");
    assertThat(PriceBucket.of(BigDecimal.ONE)).isZero();
  }

  @Test
  void everyPriceLiesInItsBucketAndBucketsFollowEachOther() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal price =
          new BigDecimal(new BigInteger(1 + random.nextInt(79), random).add(BigInteger.ONE))
              .scaleByPowerOfTen(-random.nextInt(13));
      long bucket = PriceBucket.of(price);
      String label = "seed " + seed + " price " + price;
      assertThat(PriceBucket.lower(bucket)).as(label).isLessThanOrEqualTo(price);
      assertThat(PriceBucket.upper(bucket)).as(label).isGreaterThan(price);
      assertThat(PriceBucket.of(PriceBucket.lower(bucket))).as(label).isEqualTo(bucket);
      assertThat(PriceBucket.of(PriceBucket.upper(bucket))).as(label).isEqualTo(bucket + 1);
    }
  }

  @Test
  void ticksAreInTheBucketsOfTheirPrices() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long ticks = 1 + random.nextLong(1L << 1 + random.nextInt(31));
      int scale = random.nextInt(13);
      long bucket = PriceBucket.of(BigDecimal.valueOf(ticks, scale));
      String label = "seed %d: %d ticks of %d decimals".formatted(seed, ticks, scale);
      assertThat(PriceBucket.of(ticks, scale)).as(label).isEqualTo(bucket);
      assertFirstTick(bucket, scale, label);
      assertFirstTick(bucket + 1, scale, label);
    }
  }

  private static void assertFirstTick(long bucket, int scale, String label) {
    long ticks = PriceBucket.firstTick(bucket, scale);
    BigDecimal lower = PriceBucket.lower(bucket);
    assertThat(BigDecimal.valueOf(ticks, scale)).as(label).isGreaterThanOrEqualTo(lower);
    assertThat(BigDecimal.valueOf(ticks - 1, scale)).as(label).isLessThan(lower);
  }

  private static void assertEdges(String price, String lower, String upper) {
    long bucket = PriceBucket.of(new BigDecimal(price));
    assertThat(PriceBucket.lower(bucket)).isEqualTo(new BigDecimal(lower));
    assertThat(PriceBucket.upper(bucket)).isEqualTo(new BigDecimal(upper));
  }
}
