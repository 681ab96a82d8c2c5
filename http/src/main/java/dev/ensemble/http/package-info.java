/**
 * {@link dev.ensemble.http.Main} wires the control plane together; the packages below are the API.
 */
package dev.ensemble.http;
