package dev.ensemble.loadtest.client;

import java.nio.file.Path;

/**
 * Where an API server is and who we are to it. PEM files; the key is PKCS #8.
 *
 * @param authority whom we believe to be the server
 */
public record ApiAddress(String host, int port, Path authority, Path certificate, Path key) {}
