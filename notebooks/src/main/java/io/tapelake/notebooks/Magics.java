package io.tapelake.notebooks;

import java.util.List;

/** The lines that begin with a percent sign. */
final class Magics {

  static final List<String> NAMES = List.of("%chart", "%help", "%limit", "%save", "%vault");

  static final String HELP =
      """
      A cell is Spark SQL: one statement, or several with semicolons between them. All statements of a cell see
      the vault's tables as the last finished run left them. .tables lists what is in view, ".schema NAME"
      a table's columns; lake.NAME has a table's history and earlier versions:
      "describe history lake.vwap_1m", "select * from lake.vwap_1m version as of 3".

      Lines that begin with %:
        %vault DIR          looks at another vault (a folder, or a URI such as hdfs://...)
        %limit N            shows at most N rows of a result (100 to begin with)
        %chart KIND ...     draws the next statement's rows, or behind the last statement its rows:
            line            x=minute y=close,vwap_1h band=upper,lower points=signal by=inst_id title="Price"
            bar             x=price y=buy,sell stacked=true
            candlestick     x=minute line=vwap_1h band=upper,lower (columns open, high, low, close)
                            by=COLUMN gives each value a panel, series=COLUMN a line; width= height= in pixels
        %save FILE.csv      writes all rows of the next statement, or of the last one, to a file
                            (.csv, .json, .jsonl or .parquet)
        %help               this
      """;

  private Magics() {}
}
