/** ReplicaSets: as many pods of one template as wanted, and which ones go first. */
package dev.ensemble.core.controller.replicaset;
