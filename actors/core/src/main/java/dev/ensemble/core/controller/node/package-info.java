/** Nodes that fall silent: their Ready condition, their taints, and the pods that have to leave. */
package dev.ensemble.core.controller.node;
