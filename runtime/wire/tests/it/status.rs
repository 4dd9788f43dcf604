//! What statuses mean, also those of a newer peer.

use fivewire_wire::{Phase, Recovery, Severity, Status};

#[test]
fn codes_and_statuses_belong_together() {
    for status in Status::ALL {
        if let Some(code) = status.code() {
            assert_eq!(Status::from_code(code), *status);
            assert_eq!(Severity::from_code(code), status.severity(), "{status:?}");
        }
        if let Some(code) = status.text_code() {
            assert_eq!(Status::from_text_code(code), Some(*status));
        }
        assert!(!status.doc().is_empty());
    }
    assert_eq!(
        (Status::BridgeDead.code(), Status::LinkFailed.code()),
        (None, None)
    );
}

#[test]
fn the_micropython_system_has_thirteen() {
    let known: Vec<_> = (0..=u8::MAX).filter_map(Status::from_text_code).collect();
    assert_eq!(known.len(), 13);
    assert_eq!(Status::from_text_code(9), Some(Status::WifiUp));
}

#[test]
fn an_unknown_code_is_as_bad_as_its_range() {
    let severities = [0x3F, 0x7F, 0xBF, 0xFF].map(|code| Status::from_code(code).severity());
    assert_eq!(
        severities,
        [
            Severity::Info,
            Severity::Warning,
            Severity::Error,
            Severity::Fatal
        ]
    );
    assert_eq!(Status::Unknown(0xFF).recovery(), Recovery::ResetBridge);
    assert_eq!(Status::Unknown(0x3F).recovery(), Recovery::None);
    assert!(Status::Unknown(0xFF).is_fatal_in(Phase::Run) && !Status::Unknown(0x7F).is_fatal_in(Phase::Init));
}

#[test]
fn the_phase_can_make_a_status_fatal() {
    assert!(Status::WifiDown.is_fatal_in(Phase::Init));
    assert!(!Status::WifiDown.is_fatal_in(Phase::Run));
    assert!(Status::BridgeDead.is_fatal_in(Phase::Run));
    assert!(!Status::WifiUp.is_fatal_in(Phase::Init));
}
