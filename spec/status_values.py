# Generated from spec/bridge.yaml: edit that and type `cargo xtask codegen`.
# Statuses of the protocol mqtt_bridge, revision 2. Numbers from 256 on are new: 256 + the status's code.

BROKER_OK = 0  # Connected to the broker; detail is 1 when it still has this client's session.
BROKER_CHECK = 1  # About to connect to the broker.
DEFNET = 2  # About to try the stored network.
SPECNET = 3  # The stored network failed or is not wanted; asks consent to join the configured one.
PUBOK = 4  # Publication complete. Only stock MicroPython bridges send it; here the reply to publish says so.
RUNNING = 5  # Initialisation is complete.
UNKNOWN = 6  # A stock MicroPython bridge did not know a command.
WILLOK = 7  # The last will is stored.
BROKER_FAIL = 8  # The first connection to the broker failed and the bridge gave up. Only stock MicroPython bridges do.
WIFI_UP = 9  # Wi-Fi is up.
WIFI_DOWN = 10  # Wi-Fi is down; the bridge reconnects by itself.
ESP_FAIL = 11  # The link timed out during initialisation.
NO_NET = 12  # The watchdog fired; the bridge is silent.
BROKER_DOWN = 321  # The broker does not answer or closed the connection; the bridge retries by itself.
NETWORK_FAILED = 384  # The configured network cannot be joined; the bridge keeps trying.
BROKER_REFUSED = 385  # The broker refused the connection; detail is its return code.
SUBSCRIBE_REFUSED = 386  # The broker refused a subscription.
CONFIG_REJECTED = 387  # A config key is out of range or not supported; detail is the key's id.
TLS_UNKNOWN_CA = 388  # No authority that the bridge trusts signed the broker's certificate; the bridge keeps trying.
TLS_WRONG_NAME = 389  # The broker's certificate is for another name; the bridge keeps trying.
TLS_EXPIRED = 390  # The broker's certificate has expired or is not valid yet, or the bridge's clock is wrong; the bridge keeps trying.
TLS_FAILED = 391  # TLS with the broker failed; detail is the number of its alert (116: it demands a client certificate), 0 when there was none. The bridge keeps trying.
