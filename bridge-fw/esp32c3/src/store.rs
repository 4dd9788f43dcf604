//! The stored network: one pair of credentials in two sectors of flash, of which power may fail at any moment.
//!
//! A record is written to the sector that does not hold the valid one, and counts from its last byte on: until then
//! the old one is in force. The same network again writes nothing, so that flash wears with changes and not with starts.
//! Deliberately no file system, no radio and no decision about when to store: the radio task does that after joining worked.

use core::fmt;

use embedded_storage::nor_flash::{NorFlash, NorFlashErrorKind};

/// Longest name in bytes [IEEE 802.11, 9.4.2.2].
pub(crate) const SSID_BYTES: usize = 32;
/// Longest key in bytes.
pub(crate) const PASSWORD_BYTES: usize = 64;

/// Layout: magic, sequence, lengths, name, key, CRC; a multiple of every flash's smallest write of four bytes or less.
const RECORD_BYTES: usize = 112;
const SEQUENCE: usize = 4;
const LENGTHS: usize = 8;
const SSID: usize = 12;
const PASSWORD: usize = SSID + SSID_BYTES;
const CRC: usize = PASSWORD + PASSWORD_BYTES;
const MAGIC: [u8; 4] = *b"5wn1";
const _: () = assert!(CRC + 4 == RECORD_BYTES);

/// Which network to join. An empty password means an open one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) ssid: heapless::String<SSID_BYTES>,
    pub(crate) password: heapless::String<PASSWORD_BYTES>,
}

impl Network {
    /// None when one of them is longer than Wi-Fi allows.
    pub(crate) fn new(ssid: &str, password: &str) -> Option<Self> {
        Some(Self {
            ssid: ssid.try_into().ok()?,
            password: password.try_into().ok()?,
        })
    }
}

/// The password stays a secret.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("ssid", &self.ssid)
            .field("password", &"<redacted>")
            .finish()
    }
}

/// Why nothing could be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// The flash does not obey.
    Flash(NorFlashErrorKind),
    /// The region has no room for two sectors: a wrong partition table.
    TooSmall,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flash(kind) => write!(f, "flash: {kind}"),
            Self::TooSmall => f.write_str("the partition has no room for two sectors"),
        }
    }
}

/// What [`Store::keep`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It was there already; flash was not touched.
    Already,
    /// It was written.
    Written,
}

/// A record and the sector that holds it.
struct Found {
    network: Network,
    sequence: u32,
    slot: u32,
}

/// The two sectors at the begin of a flash region.
pub(crate) struct Store<F> {
    flash: F,
}

impl<F: NorFlash> Store<F> {
    /// # Errors
    /// [`StoreError::TooSmall`].
    pub(crate) fn new(flash: F) -> Result<Self, StoreError> {
        if flash.capacity() < 2 * F::ERASE_SIZE || !RECORD_BYTES.is_multiple_of(F::WRITE_SIZE) {
            return Err(StoreError::TooSmall);
        }
        Ok(Self { flash })
    }

    /// The network that was kept last; none when nothing valid is there.
    ///
    /// # Errors
    /// [`StoreError::Flash`].
    pub(crate) fn read(&mut self) -> Result<Option<Network>, StoreError> {
        Ok(self.newest()?.map(|found| found.network))
    }

    /// Keeps this network from now on. The one before is kept until the new one is complete.
    ///
    /// # Errors
    /// [`StoreError::Flash`]; then the network before is still the stored one.
    pub(crate) fn keep(&mut self, network: &Network) -> Result<Kept, StoreError> {
        let newest = self.newest()?;
        if newest.as_ref().is_some_and(|found| found.network == *network) {
            return Ok(Kept::Already);
        }
        let (slot, sequence) =
            newest.map_or((0, 0), |found| (1 - found.slot, found.sequence.wrapping_add(1)));
        let from = Self::start(slot);
        let to = from + F::ERASE_SIZE as u32;
        self.flash.erase(from, to).map_err(flash_error)?;
        self.flash
            .write(from, &encode(network, sequence).0)
            .map_err(flash_error)?;
        Ok(Kept::Written)
    }

    fn newest(&mut self) -> Result<Option<Found>, StoreError> {
        let (first, second) = (self.slot(0)?, self.slot(1)?);
        Ok(match (first, second) {
            (Some(a), Some(b)) if is_newer(b.sequence, a.sequence) => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b,
        })
    }

    fn slot(&mut self, slot: u32) -> Result<Option<Found>, StoreError> {
        let mut record = Record([0; RECORD_BYTES]);
        self.flash
            .read(Self::start(slot), &mut record.0)
            .map_err(flash_error)?;
        Ok(decode(&record).map(|(network, sequence)| Found {
            network,
            sequence,
            slot,
        }))
    }

    const fn start(slot: u32) -> u32 {
        slot * F::ERASE_SIZE as u32
    }
}

fn flash_error<E: embedded_storage::nor_flash::NorFlashError>(error: E) -> StoreError {
    StoreError::Flash(error.kind())
}

/// Sequences wrap; the two that meet are neighbours.
const fn is_newer(a: u32, b: u32) -> bool {
    a.wrapping_sub(b) < u32::MAX / 2
}

/// A record's bytes, aligned as flash drivers like them.
#[repr(align(4))]
struct Record([u8; RECORD_BYTES]);

fn encode(network: &Network, sequence: u32) -> Record {
    let mut record = Record([0; RECORD_BYTES]);
    let lengths = [network.ssid.len() as u8, network.password.len() as u8, 0, 0];
    put(&mut record, 0, &MAGIC);
    put(&mut record, SEQUENCE, &sequence.to_le_bytes());
    put(&mut record, LENGTHS, &lengths);
    put(&mut record, SSID, network.ssid.as_bytes());
    put(&mut record, PASSWORD, network.password.as_bytes());
    let crc = crc32(record.0.get(..CRC).unwrap_or_default());
    put(&mut record, CRC, &crc.to_le_bytes());
    record
}

fn decode(record: &Record) -> Option<(Network, u32)> {
    let word = |at: usize| Some(u32::from_le_bytes(*record.0.get(at..)?.first_chunk::<4>()?));
    if word(0)?.to_le_bytes() != MAGIC || word(CRC)? != crc32(record.0.get(..CRC)?) {
        return None;
    }
    let [ssid, password, ..] = word(LENGTHS)?.to_le_bytes();
    let text = |at: usize, length: u8| core::str::from_utf8(record.0.get(at..at + usize::from(length))?).ok();
    let network = Network::new(text(SSID, ssid)?, text(PASSWORD, password)?)?;
    Some((network, word(SEQUENCE)?))
}

fn put(record: &mut Record, at: usize, bytes: &[u8]) {
    for (to, from) in record.0.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}

/// CRC-32 as in IEEE 802.3, bit by bit: it is reckoned a few times in a life.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let step = |crc: u32, _| (crc >> 1) ^ (POLYNOMIAL & (crc & 1).wrapping_neg());
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use embedded_storage::nor_flash::{ErrorType, NorFlashError, ReadNorFlash};

    use super::*;

    const SECTOR: usize = 256;

    /// Three sectors that count what is done to them. When `power` has run out nothing works any more; an erase
    /// that it fails in leaves half the sector as it was.
    struct Flash {
        bytes: Vec<u8>,
        power: usize,
        erased: usize,
        written: usize,
    }

    #[derive(Debug, PartialEq)]
    struct Dead;

    impl NorFlashError for Dead {
        fn kind(&self) -> NorFlashErrorKind {
            NorFlashErrorKind::Other
        }
    }

    impl Flash {
        fn filled(byte: u8) -> Self {
            Self {
                bytes: vec![byte; 3 * SECTOR],
                power: usize::MAX,
                erased: 0,
                written: 0,
            }
        }

        fn spend(&mut self) -> Result<(), Dead> {
            self.power = self.power.checked_sub(1).ok_or(Dead)?;
            Ok(())
        }
    }

    impl ErrorType for Flash {
        type Error = Dead;
    }

    impl ReadNorFlash for Flash {
        const READ_SIZE: usize = 4;

        fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Dead> {
            bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
            Ok(())
        }

        fn capacity(&self) -> usize {
            self.bytes.len()
        }
    }

    impl NorFlash for Flash {
        const WRITE_SIZE: usize = 4;
        const ERASE_SIZE: usize = SECTOR;

        fn erase(&mut self, from: u32, to: u32) -> Result<(), Dead> {
            self.erased += 1;
            for at in from..to {
                if at % 8 == 0 {
                    self.spend()?;
                }
                self.bytes[at as usize] = 0xff;
            }
            Ok(())
        }

        fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Dead> {
            self.written += 1;
            for (at, byte) in bytes.iter().enumerate() {
                self.spend()?;
                self.bytes[offset as usize + at] &= byte;
            }
            Ok(())
        }
    }

    fn network(name: &str) -> Network {
        Network::new(name, "a key of theirs").expect("short enough")
    }

    fn store(flash: Flash) -> Store<Flash> {
        Store::new(flash).expect("large enough")
    }

    #[test]
    fn what_was_kept_is_read_after_a_start() {
        let mut one = store(Flash::filled(0xff));
        assert_eq!(one.read(), Ok(None));
        assert_eq!(one.keep(&network("lab")), Ok(Kept::Written));
        assert_eq!(store(one.flash).read(), Ok(Some(network("lab"))));
    }

    #[test]
    fn the_same_network_again_touches_no_flash() {
        let mut store = store(Flash::filled(0xff));
        for _ in 0..10 {
            store.keep(&network("lab")).expect("flash works");
        }
        assert_eq!((store.flash.erased, store.flash.written), (1, 1));
        let other_key = Network::new("lab", "another key").expect("short enough");
        assert_eq!(store.keep(&other_key), Ok(Kept::Written));
    }

    #[test]
    fn changes_take_turns_between_the_sectors_and_leave_the_rest_alone() {
        let mut flash = Flash::filled(0xff);
        flash.bytes[2 * SECTOR..].fill(0x5a);
        let mut store = store(flash);
        for round in 0..9 {
            let name = format!("net {round}");
            assert_eq!(store.keep(&network(&name)), Ok(Kept::Written));
            assert_eq!(store.read(), Ok(Some(network(&name))));
        }
        assert!(store.flash.bytes[2 * SECTOR..].iter().all(|byte| *byte == 0x5a));
    }

    #[test]
    fn garbage_is_nothing_stored() {
        for byte in [0, 0xff, 0x5a] {
            assert_eq!(store(Flash::filled(byte)).read(), Ok(None));
        }
        let mut kept = store(Flash::filled(0xff));
        kept.keep(&network("lab")).expect("flash works");
        for at in 0..RECORD_BYTES {
            let mut flash = Flash::filled(0xff);
            flash.bytes.clone_from(&kept.flash.bytes);
            flash.bytes[at] ^= 0x10;
            assert_eq!(store(flash).read(), Ok(None), "byte {at}");
        }
    }

    #[test]
    fn a_record_with_a_right_sum_and_wrong_lengths_is_nothing() {
        let mut record = encode(&network("lab"), 0);
        put(&mut record, LENGTHS, &[33, 64]);
        let crc = crc32(&record.0[..CRC]);
        put(&mut record, CRC, &crc.to_le_bytes());
        assert!(decode(&record).is_none());
    }

    /// Wherever power fails, the next start finds the network before or the new one, and can keep another.
    #[test]
    fn power_loss_at_every_step_keeps_one() {
        let mut moments = 0;
        loop {
            let mut before = store(Flash::filled(0xff));
            before.keep(&network("older")).expect("flash works");
            before.keep(&network("before")).expect("flash works");
            before.flash.power = moments;
            let result = before.keep(&network("after"));
            before.flash.power = usize::MAX;
            let mut after = store(before.flash);
            let found = after.read().expect("flash works");
            if result == Ok(Kept::Written) {
                assert_eq!(found, Some(network("after")));
                break;
            }
            assert_eq!(result, Err(StoreError::Flash(NorFlashErrorKind::Other)));
            assert!(
                found == Some(network("before")) || found == Some(network("after")),
                "{found:?}"
            );
            assert!(after.keep(&network("later")).is_ok());
            assert_eq!(after.read(), Ok(Some(network("later"))));
            moments += 1;
        }
        assert!(moments > RECORD_BYTES, "it was tried in {moments} places");
    }

    #[test]
    fn the_sequence_wraps() {
        assert!(is_newer(0, u32::MAX) && !is_newer(u32::MAX, 0) && !is_newer(4, 5));
    }

    #[test]
    fn a_region_of_one_sector_is_refused() {
        let mut flash = Flash::filled(0xff);
        flash.bytes.truncate(SECTOR);
        assert!(matches!(Store::new(flash), Err(StoreError::TooSmall)));
    }

    #[test]
    fn the_password_is_not_shown() {
        let shown = format!("{:?}", network("lab"));
        assert!(shown.contains("lab") && !shown.contains("theirs"), "{shown}");
    }

    #[test]
    fn the_sum_is_that_of_ethernet() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
