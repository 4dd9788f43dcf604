//! Names to addresses.

use embassy_net::dns::DnsQueryType;
use embassy_net::{IpAddress, Stack};

/// An IPv4 address of a host; an address in writing is taken as it is. `None` when there is none, or nobody who knows:
/// the resolver does not tell one from the other.
pub(crate) async fn address_of(stack: Stack<'_>, host: &str) -> Option<IpAddress> {
    let found = stack.dns_query(host, DnsQueryType::A).await;
    found.ok()?.first().copied()
}
