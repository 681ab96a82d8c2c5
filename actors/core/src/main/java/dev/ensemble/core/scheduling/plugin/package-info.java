/**
 * Filters and scores, one small file each, named by what they judge as in kube-scheduler. A filter
 * answers with a reason. {@link dev.ensemble.core.scheduling.plugin.DefaultProfile} lists them in
 * order, with weights.
 */
package dev.ensemble.core.scheduling.plugin;
