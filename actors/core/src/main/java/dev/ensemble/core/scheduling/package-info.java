/**
 * The market's rules, pure: what a pod asks for ({@link dev.ensemble.core.scheduling.PodRequest}),
 * what a node gives ({@link dev.ensemble.core.scheduling.Offer}), who may have whom ({@link
 * dev.ensemble.core.scheduling.Filter}), who should ({@link dev.ensemble.core.scheduling.Score}),
 * who is next ({@link dev.ensemble.core.scheduling.SchedulingQueue}) and what a node has given away
 * ({@link dev.ensemble.core.scheduling.NodeAccounts}). No actor, no clock: callers pass the time.
 *
 * <pre>
 *   pod ─► SchedulingQueue ─► Placement ── candidates ──► call for bids ─► award
 *               ▲               │  ▲                          │              │
 *               │     Diagnosis ◄  Book ◄──── Offer ◄──── NodeAccounts ◄─────┘
 *               └── MarketEvent ─────────────────┘
 * </pre>
 *
 * <p>Names of filters and scores, their reasons and weights are kube-scheduler's default profile.
 */
package dev.ensemble.core.scheduling;
