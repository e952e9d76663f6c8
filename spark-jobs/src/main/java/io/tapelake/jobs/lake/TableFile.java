package io.tapelake.jobs.lake;

import io.delta.kernel.data.Row;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.StructType;
import io.tapelake.jobs.table.LakeSchema;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * A data file of a version of a table.
 *
 * @param scanned as Kernel's scan has found it
 */
record TableFile(Row scanned) {

  /** The UTC day whose rows it has. */
  LocalDate day() {
    return LocalDate.parse(
        InternalScanFileUtils.getPartitionValues(scanned).get(LakeSchema.PARTITION));
  }

  /** What the log has of it. */
  AddFile added() {
    return new AddFile(scanned.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
  }

  Names names(StructType schema) {
    return Names.of(added(), schema);
  }

  /** The action that takes it out. */
  Row remove(boolean changesRows) {
    return remove(added(), changesRows);
  }

  /** The action that takes a file out. */
  static Row remove(AddFile file, boolean changesRows) {
    return SingleAction.createRemoveFileSingleAction(
        file.toRemoveFileRow(changesRows, Optional.of(System.currentTimeMillis())));
  }

  /** The action that takes a file in. */
  static Row add(AddFile file, StructType schema, boolean changesRows) {
    return SingleAction.createAddFileSingleAction(
        AddFile.createAddFileRow(
            schema,
            file.getPath(),
            file.getPartitionValues(),
            file.getSize(),
            file.getModificationTime(),
            changesRows,
            file.getDeletionVector(),
            file.getTags(),
            file.getBaseRowId(),
            file.getDefaultRowCommitVersion(),
            file.getStats(schema)));
  }

  /**
   * Whose rows a file has, as far as its statistics tell.
   *
   * @param first the first instrument by name, or null when that is not known
   * @param last the last one, or null
   */
  record Names(String first, String last) {

    static final String COLUMN = "inst_id";
    private static final Column NAME = new Column(COLUMN);

    static Names of(AddFile file, StructType schema) {
      DataFileStatistics statistics = file.getStats(schema).orElse(null);
      return statistics == null
          ? new Names(null, null)
          : new Names(text(statistics.getMinValues()), text(statistics.getMaxValues()));
    }

    private static String text(Map<Column, Literal> bounds) {
      Literal bound = bounds.get(NAME);
      return bound == null ? null : (String) bound.getValue();
    }

    boolean mayHold(String instrument) {
      return (first == null || first.compareTo(instrument) <= 0)
          && (last == null || last.compareTo(instrument) >= 0);
    }

    boolean isAll(String instrument) {
      return instrument.equals(first) && instrument.equals(last);
    }
  }
}
