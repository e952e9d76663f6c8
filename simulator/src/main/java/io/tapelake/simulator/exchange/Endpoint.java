package io.tapelake.simulator.exchange;

/** Where a WebSocket client connects. */
public enum Endpoint {
  PUBLIC("/ws/v5/public"),
  BUSINESS("/ws/v5/business");

  private final String path;

  Endpoint(String path) {
    this.path = path;
  }

  /** The path of the upgrade request. */
  public String path() {
    return path;
  }

  /** The endpoint at that path, or null when there is none. */
  public static Endpoint at(String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.path.equals(path)) {
        return endpoint;
      }
    }
    return null;
  }
}
