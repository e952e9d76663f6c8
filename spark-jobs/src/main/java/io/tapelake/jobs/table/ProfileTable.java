package io.tapelake.jobs.table;

import io.tapelake.analytics.window.ProfileBucket;

/**
 * The columns of {@code volume_profile}, one row a price bucket in which there were trades on a UTC
 * day.
 */
final class ProfileTable {

  private ProfileTable() {}

  static Columns<ProfileBucket> columns() {
    return new Columns<ProfileBucket>()
        .text("inst_id", ProfileBucket::instrument)
        .minute("session", ProfileBucket::session)
        .date(ProfileBucket::session)
        .count("bucket", row -> row.volume().bucket())
        .decimal("lower", ProfileBucket::lower)
        .decimal("upper", ProfileBucket::upper)
        .count("trade_count", row -> row.volume().tradeCount())
        .exact("base_volume", row -> row.volume().baseVolume())
        .exact("buy_base_volume", row -> row.volume().buyBaseVolume())
        .flag("is_poc", ProfileBucket::isPoc)
        .flag("in_value_area", ProfileBucket::inValueArea);
  }
}
