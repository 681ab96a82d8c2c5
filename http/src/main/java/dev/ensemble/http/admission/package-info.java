/**
 * What may complete or refuse a change before it is validated: pods' defaults that depend on other
 * objects, Services' addresses and ports, the life of namespaces.
 */
package dev.ensemble.http.admission;
