/**
 * {@link dev.ensemble.actors.ControlPlane} starts what this module holds; the packages below say
 * what each part is.
 */
package dev.ensemble.actors;
