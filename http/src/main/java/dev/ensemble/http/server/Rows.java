package dev.ensemble.http.server;

import dev.ensemble.http.read.RowMaker;

/** The rows of Tables. */
final class Rows {
  private Rows() {}

  static RowMaker maker() {
    return (type, object, now, row) -> RowMaker.nameAndAge(object, row);
  }
}
