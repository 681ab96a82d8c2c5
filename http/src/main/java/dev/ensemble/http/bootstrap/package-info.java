/**
 * What every cluster has without anybody asking: its first namespaces, the Service of the API
 * server, and in each namespace the default ServiceAccount and the authority's certificate.
 */
package dev.ensemble.http.bootstrap;
