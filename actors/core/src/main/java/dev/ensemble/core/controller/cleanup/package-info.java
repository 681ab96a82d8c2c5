/** What is swept up: pods that nobody runs or needs any more, and old Events. */
package dev.ensemble.core.controller.cleanup;
