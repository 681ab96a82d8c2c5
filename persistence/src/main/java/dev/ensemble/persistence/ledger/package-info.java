/**
 * The ledgers' durable side: batches, checkpoints, the index by entity, and the fencing of writers.
 *
 * <pre>
 *   ledger actor --&gt; LedgerStore --&gt; FencedLedgerStore --&gt; LedgerTables --&gt; Cassandra | memory
 *                                     TenureWriter    append: insert, then check
 *                                     EpochOpening    open: claim, then read, then seal
 *                                     BatchReading    only what is part of the ledger
 * </pre>
 *
 * <p>Vocabulary: an <em>epoch</em> is the number of a writer; a <em>tenure</em> is the time in
 * which it may write; a <em>seal</em> ends an epoch and names its last batch; the
 * <em>watermark</em> says how far the checkpoint and the index reach.
 *
 * <p>Why at most one writer is ever acknowledged, without a lightweight transaction per batch:
 *
 * <ol>
 *   <li>A writer W of epoch w inserts a batch into w's own partitions at quorum, and when that has
 *       returned reads the current epoch at quorum. It acknowledges only if that is still w.
 *   <li>A later writer V first makes v the current epoch (compare-and-set, committed at quorum),
 *       and when that has returned reads the end of w at quorum, and seals it (compare-and-set).
 *   <li>If W's check saw w, it began before V's claim had returned: a quorum read that begins later
 *       sees v. W's insert had returned before its check began, so before V's claim returned, so
 *       before V's read began. Two quorums share a replica: V's read sees the batch, and the seal
 *       includes it. So what is acknowledged is never lost, for each V that follows.
 *   <li>What W inserts after V's read lies above the seal, where nobody looks, and its check sees
 *       v: it is never acknowledged. What lies below the seal without an acknowledgement is part of
 *       the ledger; its writer was told that the outcome is unknown, or is dead.
 *   <li>Several V may seal w: the first seal stands and the others take it over. By 3 each of them
 *       includes all that was acknowledged.
 *   <li>Inserts go one at a time, so an epoch has no holes, and only its last batch may be on fewer
 *       replicas than a quorum: the sealing writer writes that one again before it seals.
 *   <li>Readers of an epoch that is not sealed check the epoch after they have read, for the same
 *       reason as writers, and deliver only then.
 * </ol>
 *
 * No step trusts a clock. A write that arrives late, however late, is covered by 4.
 *
 * <p>Where an {@link dev.ensemble.persistence.ledger.Exclusion} is complete, the check of 1 asks
 * this store instead of the database. V of another process then begins only when W's process has
 * ended, so what W acknowledged had returned before V began; what W sent and nobody heard of is
 * covered by 4, and a claim of W that arrives late compares with an epoch that is current no more.
 * V of the same store counts its opening before it reads anything; W looks at that count after its
 * insert has returned: if it has not changed, the insert had returned before V's read began. Nobody
 * without the lock is V: the claim leaves a mark that makes him refuse.
 */
package dev.ensemble.persistence.ledger;
