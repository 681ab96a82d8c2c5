/** The machine below: programs that are run, networks that are made. Needs Linux. */
package dev.ensemble.loadtest.machine;
