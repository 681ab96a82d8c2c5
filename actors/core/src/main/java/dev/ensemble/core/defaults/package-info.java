/**
 * What fields become that a client leaves out, as Kubernetes 1.35 sets them: by the version's
 * defaulting ({@link dev.ensemble.core.defaults.Defaults}) and by admission ({@link
 * dev.ensemble.core.defaults.PodAdmission}). Objects are changed in place.
 */
package dev.ensemble.core.defaults;
