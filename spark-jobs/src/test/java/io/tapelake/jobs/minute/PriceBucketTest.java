package io.tapelake.jobs.minute;

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

  private static void assertEdges(String price, String lower, String upper) {
    long bucket = PriceBucket.of(new BigDecimal(price));
    assertThat(PriceBucket.lower(bucket)).isEqualTo(new BigDecimal(lower));
    assertThat(PriceBucket.upper(bucket)).isEqualTo(new BigDecimal(upper));
  }
}
