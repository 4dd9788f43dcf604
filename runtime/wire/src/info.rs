//! What a spec says about a command beside its fields: what the host may do with it. Doing it is the host's part.

/// The rules of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandInfo {
    /// First op.
    pub op: u8,
    /// Name in the spec.
    pub name: &'static str,
    /// First field of the message in the MicroPython system; none when it has no counterpart there.
    pub text: Option<&'static str>,
    /// Revision of the protocol that brought it; an older peer must not be sent it.
    pub since: u8,
    /// How long the reply may take; none where it waits for something else.
    pub timeout_ms: Option<u32>,
    /// What the reply waits for beside the bridge itself.
    pub waits_for: Option<WaitsFor>,
    /// What the host does with it while the broker is away; none where that makes no difference.
    pub on_outage: Option<OnOutage>,
    /// Doing it twice is doing it once.
    pub idempotent: bool,
    /// How often the host may repeat it by itself.
    pub retry: u8,
    /// The host's journal sends it again after a reset of the bridge.
    pub replay: bool,
    /// There is no reply.
    pub one_way: bool,
}

/// What a reply without a time limit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The broker.
    Broker,
    /// A person.
    User,
}

/// What the host does with a command while the broker is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnOutage {
    /// Keep it.
    Queue,
    /// Fail at once.
    Fail,
    /// Let the caller wait.
    Wait,
}
