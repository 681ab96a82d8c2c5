/**
 * Owner references: what goes when its owner goes. A <em>dependent</em> carries the reference, an
 * <em>owner</em> is named in it; a reference is <em>dangling</em> when no object of that uid is
 * there.
 */
package dev.ensemble.core.controller.garbage;
