/**
 * Where a Service's traffic goes: EndpointSlices, the older Endpoints object, and the addresses of
 * load balancers.
 */
package dev.ensemble.core.controller.endpoints;
