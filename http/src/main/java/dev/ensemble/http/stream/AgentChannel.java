package dev.ensemble.http.stream;

import akka.util.ByteString;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** The agent's end of one stream: frames from and to it, each used once. */
record AgentChannel(Publisher<ByteString> from, Subscriber<ByteString> to) {}
