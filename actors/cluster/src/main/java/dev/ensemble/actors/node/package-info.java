/** Node actors: sessions of agents, standing offers, awards. */
package dev.ensemble.actors.node;
