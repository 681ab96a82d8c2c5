/**
 * The one door to objects for everyone in the process: the API, controllers, the scheduler, node
 * actors.
 */
package dev.ensemble.actors.store;
