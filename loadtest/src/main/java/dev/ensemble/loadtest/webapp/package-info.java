/**
 * The sample web-app through the API, beside the same pods made by direct CRI calls: what Ensemble
 * adds to what containerd needs. Pods that are made directly carry no label of a pod's uid, so the
 * node's agent, which lists by it, neither sees nor removes them.
 */
package dev.ensemble.loadtest.webapp;
