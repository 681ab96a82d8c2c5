package dev.ensemble.persistence.cassandra;

/** The embedded node cannot be started or stopped; the message says what to do. */
public class CassandraProcessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CassandraProcessException(String message) {
    super(message);
  }

  public CassandraProcessException(String message, Throwable cause) {
    super(message, cause);
  }
}
