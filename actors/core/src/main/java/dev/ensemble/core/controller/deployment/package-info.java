/**
 * Deployments: rolling out a template over ReplicaSets. A <em>fleet</em> is all ReplicaSets of a
 * Deployment: the <em>new</em> one, which has the Deployment's template, and the <em>old</em> ones.
 * A <em>revision</em> here is a rollout's number, kept in an annotation.
 */
package dev.ensemble.core.controller.deployment;
