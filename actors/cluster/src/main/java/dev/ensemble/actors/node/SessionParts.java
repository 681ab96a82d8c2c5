package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import dev.ensemble.actors.controller.Announcer;
import dev.ensemble.actors.store.ObjectStore;
import java.time.Clock;

/** What all sessions of a process share. */
record SessionParts(
    ObjectStore store,
    SessionSettings settings,
    Heartbeats heartbeats,
    Announcer events,
    Clock clock,
    ActorRef<ViewRouter.Message> router,
    ServicesMessage services,
    PodCidrAllocator cidrs) {}
