/**
 * Certificates: the cluster's own authority, what it issues for the server, the administrator and
 * nodes, and the kubeconfig files that carry them. Keys are EC P-256; files are readable by their
 * owner only.
 */
package dev.ensemble.http.tls;
