/** Namespaces: what a new one gets, and how one ends. */
package dev.ensemble.core.controller.namespace;
