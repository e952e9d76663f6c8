package io.tapelake.vault;

/** Where everything but the raw day files lies, as paths below the vault's root. */
public final class VaultLayout {

  /** Folder of the Delta tables, one folder a table. */
  public static final String LAKE = "lake";

  /** Folder of the exports. */
  public static final String DERIVED = "derived";

  /** Folder of the exports of rolling VWAP, one folder an instrument. */
  public static final String VWAP = DERIVED + "/vwap/okx/perps";

  /** Folder of the exports of signed volume, one folder an instrument. */
  public static final String CVD = DERIVED + "/cvd/okx/perps";

  /** Folder of the exports of signals, one folder an instrument. */
  public static final String SIGNALS = DERIVED + "/signals/okx/perps";

  /** Folder of what the job remembers. */
  public static final String JOB_STATE = "state/vwap";

  /** Folder of what the collector remembers. */
  public static final String COLLECTOR_STATE = "state/collector";

  /** Folder of the contract metadata. */
  public static final String METADATA = "meta/okx/instruments";

  /** Folder of what the collector moved aside, such as torn tails of files. */
  public static final String COLLECTOR_QUARANTINE = "quarantine/collector";

  /** Folder of the days' certificates, laid out like the raw trades. */
  public static final String CERTIFICATES = "certificates/okx/trades_perps";

  private VaultLayout() {}

  /** The job's cursor of an instrument. */
  public static String cursor(String instrument) {
    return JOB_STATE + "/okx/perps/" + DayFile.checkInstrument(instrument) + ".state.json";
  }

  /** The collector's memory of an instrument. */
  public static String collectorState(String instrument) {
    return collectorFile(instrument, ".state.json");
  }

  /** What else the collector keeps of an instrument. */
  public static String collectorFile(String instrument, String ending) {
    return COLLECTOR_STATE + "/okx/perps/" + DayFile.checkInstrument(instrument) + ending;
  }

  /** The latest contract metadata of an instrument. */
  public static String metadata(String instrument) {
    return METADATA + "/" + DayFile.checkInstrument(instrument) + ".json";
  }

  /** The observed changes of an instrument's contract metadata, one line each. */
  public static String metadataHistory(String instrument) {
    return METADATA + "/" + DayFile.checkInstrument(instrument) + ".history.jsonl";
  }

  /** What is proven of a day, see FORMAT.md. */
  public static String certificate(DayFile day) {
    return CERTIFICATES + "/" + day.instrument() + "/" + day.day() + ".json";
  }

  /** The compatible export of an instrument's rolling VWAP. */
  public static String vwapExport(String instrument) {
    return VWAP + "/" + DayFile.checkInstrument(instrument) + "/vwap_1m.jsonl";
  }

  /** The export of an instrument's signed volume. */
  public static String cvdExport(String instrument) {
    return CVD + "/" + DayFile.checkInstrument(instrument) + "/cvd_1m.jsonl";
  }

  /** The export of an instrument's signals. */
  public static String signalExport(String instrument) {
    return SIGNALS + "/" + DayFile.checkInstrument(instrument) + "/signals.jsonl";
  }

  /** A Delta table. */
  public static String table(String name) {
    return LAKE + "/" + name;
  }
}
