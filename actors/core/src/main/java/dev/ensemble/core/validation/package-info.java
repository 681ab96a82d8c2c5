/** Errors of fields, in upstream's words and kinds, and the rules that find them. */
package dev.ensemble.core.validation;
