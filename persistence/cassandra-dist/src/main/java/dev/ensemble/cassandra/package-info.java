/** What runs inside the embedded Cassandra, beside its own jars. */
package dev.ensemble.cassandra;
