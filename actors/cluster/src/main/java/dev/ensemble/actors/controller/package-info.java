/**
 * Carries out what the rules in {@code dev.ensemble.core.controller} decide.
 *
 * <pre>
 *   views --changes--> Wakeups --Wake--> ControlLoop (beside each Deployment, ReplicaSet, ...)
 *                         |                   | reads snapshots, asks its rule for a Plan
 *                         |                   v
 *                         |              PlanRun --commands--> ObjectStore
 *                         |                   '--notes-------> EventRecorder
 *                         '--keys--> GarbageCollector          Housekeeping (by the clock)
 * </pre>
 *
 * A <em>pass</em> is one look at the views and the carrying out of what follows from it; a
 * <em>wake</em> asks for a pass. Nothing depends on a wake being delivered exactly once.
 */
package dev.ensemble.actors.controller;
