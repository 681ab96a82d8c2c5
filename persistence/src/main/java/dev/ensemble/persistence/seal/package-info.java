/**
 * Seals the payloads of Secrets: AES-256-GCM under a key of their object, which is itself wrapped
 * by a master key. Destroying an object's key makes its whole history unreadable and leaves it
 * provable, since hashes are over the sealed bytes.
 */
package dev.ensemble.persistence.seal;
