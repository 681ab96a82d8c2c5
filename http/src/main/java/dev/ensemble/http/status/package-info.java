/**
 * Answers that are not objects: metav1.Status for every failure, in upstream's shape, and the one
 * place that turns rejections and failures into them.
 */
package dev.ensemble.http.status;
